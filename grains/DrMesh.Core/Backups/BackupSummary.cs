using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Backups;

/// <summary>A committed backup as its manifest's head tells; cheap to read, whatever the number of files.</summary>
public sealed record BackupSummary
{
    /// <summary>The backup's name.</summary>
    public required BackupId Id { get; init; }

    /// <summary>The engine that made it.</summary>
    public required string Engine { get; init; }

    /// <summary>What was backed up.</summary>
    public required string Source { get; init; }

    /// <summary>The backup this one was incremental to; null: a full one.</summary>
    public BackupId? Parent { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Sum of the files' lengths, bytes.</summary>
    public required long LogicalBytes { get; init; }

    /// <summary>Bytes this backup added to the repository, compressed and encrypted, without what it shares with others.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Number of regular files.</summary>
    public required long FileCount { get; init; }

    /// <summary>The labels it was begun with.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The engine's facts.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>Directories that lay elsewhere.</summary>
    public required IReadOnlyList<BackupRoot> Roots { get; init; }

    /// <summary>What must be known before trusting it; empty: nothing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The tiers that hold the manifest, in the repository's order.</summary>
    public required IReadOnlyList<string> Tiers { get; init; }
}
