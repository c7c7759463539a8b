namespace DrMesh.Contracts.Estate;

/// <summary>What becomes of a unified backup's good parts when one part fails.</summary>
public enum FailedSession
{
    /// <summary><c>keep_others</c>: they stay and can be restored one by one.</summary>
    KeepOthers,

    /// <summary><c>remove_others</c>: they are removed.</summary>
    RemoveOthers,
}
