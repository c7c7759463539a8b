namespace DrMesh.Core.Backups;

/// <summary>What the engine knows when all files are added.</summary>
public sealed record BackupCompletion
{
    /// <summary>When it ended.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>The engine's own facts, for PostgreSQL <c>startLsn</c>, <c>stopLsn</c>, <c>timeline</c>, <c>systemId</c>, …; read back with the summary.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>Directories that lay elsewhere, such as tablespaces.</summary>
    public IReadOnlyList<BackupRoot> Roots { get; init; } = [];

    /// <summary>What a reader must know before trusting the backup, for example each page with a wrong checksum, one sentence each. Empty: nothing.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
