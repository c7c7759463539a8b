using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Backups;

/// <summary>What to copy between tiers.</summary>
public sealed record CopyRequest
{
    /// <summary>The tier to read.</summary>
    public required string From { get; init; }

    /// <summary>The tier to write.</summary>
    public required string To { get; init; }

    /// <summary>One backup; null: every backup and every log archive.</summary>
    public BackupId? Backup { get; init; }
}

/// <summary>How far a copy is, bytes as stored.</summary>
public readonly record struct CopyProgress(long DoneBytes, long TotalBytes);

/// <summary>What a copy did.</summary>
public sealed record CopyReport
{
    /// <summary>Backups that are now in the target tier and were not before.</summary>
    public required IReadOnlyList<BackupId> Backups { get; init; }

    /// <summary>Objects written.</summary>
    public required long Objects { get; init; }

    /// <summary>Bytes written.</summary>
    public required long Bytes { get; init; }
}
