using System.Collections.Immutable;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Restores;

/// <summary>Asks for one restore or point-in-time recovery of a cluster, beside its running servers.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.start-restore")]
public sealed record StartRestore : IAuditedRequest
{
    /// <summary>The cluster whose backups are used.</summary>
    [Id(0)]
    public required ClusterId Cluster { get; init; }

    /// <summary>How far to recover.</summary>
    [Id(1)]
    public required RecoveryTarget Target { get; init; }

    /// <summary>The machine that gets the files; a silo must run there.</summary>
    [Id(2)]
    public required NodeId Node { get; init; }

    /// <summary>The directory there that becomes the data directory; absolute.</summary>
    [Id(3)]
    public required string Directory { get; init; }

    /// <summary>The port the restored server listens on.</summary>
    [Id(4)]
    public required int Port { get; init; }

    /// <summary>A certain base backup; null: the planner's choice.</summary>
    [Id(5)]
    public BackupId? Backup { get; init; }

    /// <summary>Whether the directory may hold files: only differing blocks are written, what the backup does not know is removed.</summary>
    [Id(6)]
    public bool IsDelta { get; init; }

    /// <summary>Where tablespaces go: original location to new one.</summary>
    [Id(7)]
    public ImmutableSortedDictionary<string, string> TablespaceMap { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Why, for the audit trail; null: nothing was said.</summary>
    [Id(8)]
    public string? Reason { get; init; }

    string? IAuditedRequest.AuditTarget => $"{Cluster} to {Node}:{Directory}";

    string? IAuditedRequest.AuditReason => Reason;
}
