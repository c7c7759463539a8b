using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;

namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>Where a recovered server stands.</summary>
public sealed record RecoveryReached
{
    /// <summary>The position after the last record replayed.</summary>
    public required Lsn Position { get; init; }

    /// <summary>The time of the last transaction replayed; null: none was.</summary>
    public DateTimeOffset? LastTransactionAt { get; init; }

    /// <summary>The timeline it is on now.</summary>
    public required TimelineId Timeline { get; init; }

    /// <summary>Whether it is still in recovery, open for reading (<see cref="RecoveryAction.Pause"/>).</summary>
    public required bool IsInRecovery { get; init; }

    /// <summary>Bytes replayed a second of the whole recovery; for the estimates of later plans.</summary>
    public double? ReplayRate { get; init; }

    /// <summary>
    /// What of the target was not met, in one sentence; null: it was. The server itself refuses to end recovery before a time, position, name or transaction it did not find; what it
    /// cannot know is checked here.
    /// </summary>
    public string? Miss(RecoveryTarget target) => target.Kind switch
    {
        RecoveryTargetKind.Position when target.Inclusive && Position < target.Position =>
            $"replay ended at {Position}, before the target {target.Position}",
        RecoveryTargetKind.Position when !target.Inclusive && Position > target.Position =>
            $"replay ended at {Position}, past the target {target.Position}",
        RecoveryTargetKind.Time when LastTransactionAt > target.Time =>
            $"the last transaction replayed is of {LastTransactionAt:u}, after the target {target.Time:u}",
        _ when target.Action == RecoveryAction.Promote && IsInRecovery => "the server is still in recovery",
        _ => null,
    };
}
