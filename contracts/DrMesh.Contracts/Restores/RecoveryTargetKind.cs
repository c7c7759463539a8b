namespace DrMesh.Contracts.Restores;

/// <summary>What a point in time is named by. Numbers are part of the wire and of stored states: they never change.</summary>
public enum RecoveryTargetKind
{
    /// <summary>The end of the archived log.</summary>
    Latest = 0,

    /// <summary>The end of the base backup: the earliest consistent state.</summary>
    Immediate = 1,

    /// <summary>A moment.</summary>
    Time = 2,

    /// <summary>A position in the log.</summary>
    Position = 3,

    /// <summary>A named restore point (<c>pg_create_restore_point</c>).</summary>
    Name = 4,

    /// <summary>A transaction id.</summary>
    Transaction = 5,
}
