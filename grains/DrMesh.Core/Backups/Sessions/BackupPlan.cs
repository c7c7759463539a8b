using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.Sessions;

/// <summary>What a backup session was asked and accepted; servers and repositories are looked up in the estate when a step needs them.</summary>
public sealed record BackupPlan
{
    /// <summary>The cluster.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>The backup's name in the repository: the session's id.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>Read and store everything.</summary>
    public required bool IsFull { get; init; }

    /// <summary>The repositories of the cluster's policy, first tier first.</summary>
    public required ImmutableArray<string> Repositories { get; init; }

    /// <summary>Zstandard level, 1 to 19.</summary>
    public required int CompressionLevel { get; init; }

    /// <summary>Workers.</summary>
    public required int Parallelism { get; init; }

    /// <summary>Labels kept with the backup.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
