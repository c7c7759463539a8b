using System.Collections.Immutable;
using DrMesh.Contracts.Estate;

namespace DrMesh.Contracts.Backups.Unified;

/// <summary>A committed unified backup as its manifest tells.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.unified-backup-entry")]
public sealed record UnifiedBackupEntry
{
    /// <summary>Its name: that of the session that made it.</summary>
    [Id(0)]
    public required BackupId Id { get; init; }

    /// <summary>The application.</summary>
    [Id(1)]
    public required string Application { get; init; }

    /// <summary>How the point was taken.</summary>
    [Id(2)]
    public required ConsistencyMode Mode { get; init; }

    /// <summary>The id that was written through each system.</summary>
    [Id(3)]
    public required string Point { get; init; }

    /// <summary>When the taking of the point began, by the clock of the silo that took it.</summary>
    [Id(4)]
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The time from before the first marker to after the last.</summary>
    [Id(5)]
    public required TimeSpan Window { get; init; }

    /// <summary>How long writes were held; zero with a marker.</summary>
    [Id(6)]
    public required TimeSpan Held { get; init; }

    /// <summary>How long after the beginning of the point the last file was read: with a marker, files can be as young as this.</summary>
    [Id(7)]
    public required TimeSpan FilesReadWithin { get; init; }

    /// <summary>Its parts.</summary>
    [Id(8)]
    public required ImmutableArray<UnifiedBackupPart> Parts { get; init; }

    /// <summary>What the application handed out of its own state; null: nothing was asked of it.</summary>
    [Id(9)]
    public string? ApplicationState { get; init; }

    /// <summary>When the session began.</summary>
    [Id(10)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the manifest was written.</summary>
    [Id(11)]
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Its labels.</summary>
    [Id(12)]
    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    /// <summary>What must be known before trusting it, one sentence each; empty: nothing.</summary>
    [Id(13)]
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>The tiers that hold the manifest.</summary>
    [Id(14)]
    public required ImmutableArray<string> Tiers { get; init; }
}
