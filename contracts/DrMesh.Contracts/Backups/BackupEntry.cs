using System.Collections.Immutable;

namespace DrMesh.Contracts.Backups;

/// <summary>A committed backup as its manifest tells.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.backup-entry")]
public sealed record BackupEntry
{
    /// <summary>Its name.</summary>
    [Id(0)]
    public required BackupId Id { get; init; }

    /// <summary>What made it: <c>postgresql</c>, <c>mongodb</c>, <c>files</c>.</summary>
    [Id(1)]
    public required string Engine { get; init; }

    /// <summary>What was backed up: a cluster's or file tree's name.</summary>
    [Id(2)]
    public required string Source { get; init; }

    /// <summary>The backup it was incremental to; null: a full one. Restoring never needs the parent.</summary>
    [Id(3)]
    public BackupId? Parent { get; init; }

    /// <summary>When it began.</summary>
    [Id(4)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Id(5)]
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Bytes it restores to.</summary>
    [Id(6)]
    public required long LogicalBytes { get; init; }

    /// <summary>Bytes it added to the repository, compressed and encrypted.</summary>
    [Id(7)]
    public required long StoredBytes { get; init; }

    /// <summary>Number of regular files.</summary>
    [Id(8)]
    public required long FileCount { get; init; }

    /// <summary>Its labels.</summary>
    [Id(9)]
    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    /// <summary>The engine's facts: for PostgreSQL <c>startLsn</c>, <c>stopLsn</c>, <c>timeline</c>, …</summary>
    [Id(10)]
    public required ImmutableSortedDictionary<string, string> Facts { get; init; }

    /// <summary>What must be known before trusting it, one sentence each; empty: nothing.</summary>
    [Id(11)]
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>The tiers that hold it.</summary>
    [Id(12)]
    public required ImmutableArray<string> Tiers { get; init; }
}
