namespace DrMesh.Contracts.Estate;

/// <summary>What a schedule does.</summary>
public enum ScheduledAction
{
    /// <summary><c>backup</c>: back up.</summary>
    Backup,

    /// <summary><c>verify</c>: read a repository and check every object.</summary>
    Verify,

    /// <summary><c>drill</c>: restore a random backup of the last day beside the original and check it.</summary>
    Drill,

    /// <summary><c>retention</c>: remove what may go from a repository.</summary>
    Retention,
}
