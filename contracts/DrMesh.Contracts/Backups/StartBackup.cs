using System.Collections.Immutable;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Databases;

namespace DrMesh.Contracts.Backups;

/// <summary>Asks for one backup of a cluster.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.start-backup")]
public sealed record StartBackup : IAuditedRequest
{
    /// <summary>The cluster, as the applied estate names it.</summary>
    [Id(0)]
    public required ClusterId Cluster { get; init; }

    /// <summary>Read and store everything, whatever earlier backups hold.</summary>
    [Id(1)]
    public bool IsFull { get; init; }

    /// <summary>Labels kept with the backup; <c>list</c> filters by them.</summary>
    [Id(2)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Why, for the audit trail; null: nothing was said.</summary>
    [Id(3)]
    public string? Reason { get; init; }

    string? IAuditedRequest.AuditTarget => Cluster.Value;

    string? IAuditedRequest.AuditReason => Reason;
}
