using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Backups;

/// <summary>What became of a request to remove a backup.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.delete-backup-result")]
public sealed record DeleteBackupResult : IAuditedResult
{
    /// <summary>True: no tier lists it any more. Its space is freed by the repository's next garbage collection.</summary>
    [Id(0)]
    public required bool IsRemoved { get; init; }

    /// <summary>What keeps it; null when it is removed.</summary>
    [Id(1)]
    public string? Reason { get; init; }

    bool IAuditedResult.IsRefusal => !IsRemoved;

    string IAuditedResult.AuditDetail => Reason ?? "";
}
