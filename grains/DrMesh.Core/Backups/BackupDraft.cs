using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Backups;

/// <summary>What is known of a backup when it begins.</summary>
public sealed record BackupDraft
{
    /// <summary>The backup's name; unique in the repository.</summary>
    public required BackupId Id { get; init; }

    /// <summary>The engine that makes it: <c>postgresql</c>, <c>mongodb</c>, <c>files</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>What is backed up: a cluster's or file tree's name. What a killed earlier backup of the same source had stored is reused.</summary>
    public required string Source { get; init; }

    /// <summary>The backup this one is incremental to; null: a full one. Restoring never needs the parent's manifest.</summary>
    public BackupId? Parent { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Zstandard level, 1 to 19.</summary>
    public int CompressionLevel { get; init; } = 3;

    /// <summary>Free labels (<c>policy</c>, <c>session</c>, …), kept readable in the manifest.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
