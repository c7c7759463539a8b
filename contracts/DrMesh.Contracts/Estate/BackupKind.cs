namespace DrMesh.Contracts.Estate;

/// <summary>How much a backup reads again.</summary>
public enum BackupKind
{
    /// <summary><c>incremental</c>: what changed since the last.</summary>
    Incremental,

    /// <summary><c>full</c>: everything.</summary>
    Full,
}
