using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Backups;

/// <summary>Asks for the removal of one backup.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.delete-backup")]
public sealed record DeleteBackup : IAuditedRequest
{
    /// <summary>The backup.</summary>
    [Id(0)]
    public required BackupId Id { get; init; }

    /// <summary>Why, for the audit trail.</summary>
    [Id(1)]
    public required string Reason { get; init; }

    string? IAuditedRequest.AuditTarget => Id.Value;

    string? IAuditedRequest.AuditReason => Reason;
}
