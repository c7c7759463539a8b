using DrMesh.Contracts.Databases;

namespace DrMesh.Contracts.Restores;

/// <summary>The point in time a restore aims at.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.recovery-target")]
public sealed record RecoveryTarget
{
    /// <summary>What it is named by; decides which of the values below is set.</summary>
    [Id(0)]
    public required RecoveryTargetKind Kind { get; init; }

    /// <summary>The moment, for <see cref="RecoveryTargetKind.Time"/>.</summary>
    [Id(1)]
    public DateTimeOffset? Time { get; init; }

    /// <summary>The position, for <see cref="RecoveryTargetKind.Position"/>.</summary>
    [Id(2)]
    public Lsn? Position { get; init; }

    /// <summary>The restore point's name, for <see cref="RecoveryTargetKind.Name"/>.</summary>
    [Id(3)]
    public string? Name { get; init; }

    /// <summary>The transaction id as <c>pg_current_xact_id()</c> gives it (with its epoch), for <see cref="RecoveryTargetKind.Transaction"/>.</summary>
    [Id(4)]
    public ulong? Transaction { get; init; }

    /// <summary>Whether what happened exactly at the target is kept; for time, position and transaction (<c>recovery_target_inclusive</c>).</summary>
    [Id(5)]
    public bool Inclusive { get; init; } = true;

    /// <summary>The timeline to follow; null: the latest one known.</summary>
    [Id(6)]
    public TimelineId? Timeline { get; init; }

    /// <summary>What the server does when it is there.</summary>
    [Id(7)]
    public RecoveryAction Action { get; init; } = RecoveryAction.Promote;

    /// <summary>The end of the archived log.</summary>
    public static RecoveryTarget Latest { get; } = new() { Kind = RecoveryTargetKind.Latest };

    /// <summary>The earliest consistent state of the base backup.</summary>
    public static RecoveryTarget Immediate { get; } = new() { Kind = RecoveryTargetKind.Immediate };

    /// <summary>A moment.</summary>
    public static RecoveryTarget At(DateTimeOffset time) => new() { Kind = RecoveryTargetKind.Time, Time = time };

    /// <summary>A position in the log.</summary>
    public static RecoveryTarget At(Lsn position) => new() { Kind = RecoveryTargetKind.Position, Position = position };

    /// <summary>A named restore point.</summary>
    public static RecoveryTarget Named(string name) => new() { Kind = RecoveryTargetKind.Name, Name = name };

    /// <summary>A transaction.</summary>
    public static RecoveryTarget After(ulong transaction) => new() { Kind = RecoveryTargetKind.Transaction, Transaction = transaction };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        RecoveryTargetKind.Latest => "the end of the log",
        RecoveryTargetKind.Immediate => "the end of the base backup",
        RecoveryTargetKind.Time => $"{Time:yyyy-MM-dd HH:mm:ss.ffffffzzz}",
        RecoveryTargetKind.Position => $"{Position}",
        RecoveryTargetKind.Name => $"restore point {Name}",
        RecoveryTargetKind.Transaction => $"{(Inclusive ? "" : "just before ")}transaction {Transaction}",
        _ => throw new InvalidOperationException($"recovery target kind {Kind} has no text"),
    };
}
