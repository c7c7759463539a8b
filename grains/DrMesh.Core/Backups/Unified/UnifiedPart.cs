using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;

namespace DrMesh.Core.Backups.Unified;

/// <summary>One part of a unified backup: what its own policy says of it.</summary>
public sealed record UnifiedPart
{
    /// <summary>What it is.</summary>
    public required PartKind Kind { get; init; }

    /// <summary>The cluster's or file tree's name.</summary>
    public required string Name { get; init; }

    /// <summary>The repositories of its policy, first tier first.</summary>
    public required ImmutableArray<string> Repositories { get; init; }

    /// <summary>Zstandard level, 1 to 19.</summary>
    public required int CompressionLevel { get; init; }

    /// <summary>Workers.</summary>
    public required int Parallelism { get; init; }

    /// <summary>How steps and evidence name it: <c>PostgreSql/orders</c>. A cluster and a tree may share a name.</summary>
    [JsonIgnore]
    public string Target => $"{Kind}/{Name}";

    /// <summary>The name of the part's backup that is copied before the point is taken; for a file tree the base that the snapshot at the point is incremental to.</summary>
    public BackupId Copy(BackupId whole) => new($"{whole}.{Kind.ToString().ToLowerInvariant()}.{Name}");

    /// <summary>The name of a file tree's snapshot at the point, which each attempt makes anew.</summary>
    public BackupId Snapshot(BackupId whole, int attempt) => new($"{Copy(whole)}.{attempt}");
}
