using System.Collections.Immutable;
using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Backups.Unified;

/// <summary>Asks for one backup of everything an application uses, at one consistency point.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.start-unified-backup")]
public sealed record StartUnifiedBackup : IAuditedRequest
{
    /// <summary>The application, as the applied estate names it.</summary>
    [Id(0)]
    public required string Application { get; init; }

    /// <summary>Read and store everything, whatever earlier backups hold.</summary>
    [Id(1)]
    public bool IsFull { get; init; }

    /// <summary>Labels kept with the backup; <c>list</c> filters by them.</summary>
    [Id(2)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Why, for the audit trail; null: nothing was said.</summary>
    [Id(3)]
    public string? Reason { get; init; }

    string? IAuditedRequest.AuditTarget => Application;

    string? IAuditedRequest.AuditReason => Reason;
}
