using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Contracts.Restores.Unified;

namespace DrMesh.Core.Restores.Unified;

/// <summary>What a unified restore session was asked and accepted.</summary>
public sealed record UnifiedRestorePlan
{
    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The unified backup.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>The id of its consistency point, which is written in every part.</summary>
    public required string Point { get; init; }

    /// <summary>The moment to go on to; null: the point itself.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The transaction it stops just before; null: none.</summary>
    public TransactionTarget? Before { get; init; }

    /// <summary>Whether what is in the way of a part is overwritten.</summary>
    public bool Overwrites { get; init; }

    /// <summary>The parts.</summary>
    public required ImmutableArray<PartRestore> Parts { get; init; }

    /// <summary>Which parts are restored at once, turn by turn, by their targets; empty: all at once.</summary>
    public ImmutableArray<ImmutableArray<string>> Turns { get; init; } = [];

    /// <summary>The hook that takes the application's own state back, and that state; null: it is not handed back.</summary>
    public string? RestoreHook { get; init; }

    /// <summary>The application's own state as it was captured.</summary>
    public string? State { get; init; }

    /// <summary>Where it stops, as a person reads it.</summary>
    [JsonIgnore]
    public string Stop => Before is { } before ? $"just before transaction {before.Transaction} of {before.Cluster}" : Until is { } time ? $"{time:u}" : $"point {Point}";

    /// <summary>The part a target names.</summary>
    public PartRestore Part(string target) => Parts.First(part => part.Target == target);
}

/// <summary>One part: from which backup, where to.</summary>
public sealed record PartRestore
{
    /// <summary>The part as the backup's manifest tells.</summary>
    public required UnifiedBackupPart From { get; init; }

    /// <summary>Where it goes.</summary>
    public required RestorePartTarget To { get; init; }

    /// <summary>Workers.</summary>
    public required int Parallelism { get; init; }

    /// <summary>How steps and evidence name it: <c>PostgreSql/orders</c>.</summary>
    [JsonIgnore]
    public string Target => $"{From.Kind}/{From.Name}";

    /// <summary>For PostgreSQL: where recovery stops, as it was planned; null: as <see cref="Recovery"/> says.</summary>
    public RecoveryTarget? Planned { get; init; }

    /// <summary>For PostgreSQL: where recovery stops.</summary>
    public RecoveryTarget Recovery(DateTimeOffset? until)
    {
        var timeline = new TimelineId(uint.Parse(From.Point["timeline"], System.Globalization.CultureInfo.InvariantCulture));
        return Planned ?? (until is { } time ? RecoveryTarget.At(time) : RecoveryTarget.Named(From.Point["restorePoint"]) with { Timeline = timeline });
    }
}
