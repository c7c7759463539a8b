using System.Collections.Immutable;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Backups;

namespace DrMesh.Contracts.Restores.Unified;

/// <summary>Asks for the restore of an application, or of some of its parts, beside what runs.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.start-unified-restore")]
public sealed record StartUnifiedRestore : IAuditedRequest
{
    /// <summary>The application whose backups are used.</summary>
    [Id(0)]
    public required string Application { get; init; }

    /// <summary>The unified backup; null: the newest, with <see cref="Until"/> the newest whose point is not after it.</summary>
    [Id(1)]
    public BackupId? Backup { get; init; }

    /// <summary>
    /// Null: to the backup's consistency point. Else to this moment: databases replay their logs up to it, file trees stay at the backup's point, since they have no log.
    /// </summary>
    [Id(2)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>The parts, and where each goes.</summary>
    [Id(3)]
    public required ImmutableArray<RestorePartTarget> Parts { get; init; }

    /// <summary>Whether the application is handed its own captured state in the end.</summary>
    [Id(4)]
    public bool WithState { get; init; }

    /// <summary>Why, for the audit trail; null: nothing was said.</summary>
    [Id(5)]
    public string? Reason { get; init; }

    string? IAuditedRequest.AuditTarget => Application;

    string? IAuditedRequest.AuditReason => Reason;
}
