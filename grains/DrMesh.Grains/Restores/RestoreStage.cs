namespace DrMesh.Grains.Restores;

/// <summary>Which part of a restore an order is for.</summary>
internal enum RestoreStage
{
    /// <summary>Write the base backup and set recovery up.</summary>
    Files = 0,

    /// <summary>Start the server and replay to the target.</summary>
    Recover = 1,

    /// <summary>Stop the restored server.</summary>
    Stop = 2,
}
