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

    /// <summary>Instead of <see cref="Until"/>: to just before this transaction. Null: not by a transaction.</summary>
    [Id(6)]
    public TransactionTarget? Before { get; init; }

    /// <summary>In which order the parts are restored.</summary>
    [Id(7)]
    public RestoreStrategy Strategy { get; init; }

    /// <summary>Whether what is in the way is overwritten: collections of the same names are dropped, files the backup does not know are removed. Otherwise the restore is refused before anything is written.</summary>
    [Id(8)]
    public bool Overwrites { get; init; }

    string? IAuditedRequest.AuditTarget => Application;

    string? IAuditedRequest.AuditReason => Reason;
}
