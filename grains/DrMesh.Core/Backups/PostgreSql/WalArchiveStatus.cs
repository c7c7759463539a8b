using System.Collections.Immutable;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>Where the continuous archive of one cluster stands; a snapshot.</summary>
public sealed record WalArchiveStatus
{
    /// <summary>Whether WAL streams in now.</summary>
    public required bool IsStreaming { get; init; }

    /// <summary>Why it does not; null when it does, or has not begun.</summary>
    public string? Trouble { get; init; }

    /// <summary>The timeline being received; null before the first byte.</summary>
    public TimelineId? Timeline { get; init; }

    /// <summary>The position received so far.</summary>
    public Lsn Received { get; init; }

    /// <summary>One row a tier.</summary>
    public required ImmutableArray<WalTierStatus> Tiers { get; init; }

    /// <summary>WAL that was lost for good, noted in the archive; no longer shown once a base backup has begun after it, which heals what follows.</summary>
    public required ImmutableArray<WalGap> Gaps { get; init; }

    /// <summary>How the slot stands (<c>pg_replication_slots.wal_status</c>): <c>reserved</c>, <c>extended</c>, <c>unreserved</c>, <c>lost</c>; null: not asked yet.</summary>
    public string? SlotStatus { get; init; }

    /// <summary>Bytes of WAL the server may still write before the slot's limit breaks it; null: no limit is set, so the slot could fill the primary's disk.</summary>
    public long? SlotSafeBytes { get; init; }

    /// <summary>Whether the slot's limit is used up: the server removes WAL that is not archived.</summary>
    public bool IsSlotLimitBreached => SlotStatus is "unreserved" or "lost";

    /// <summary>Whether a new base backup is needed before every moment can be recovered again.</summary>
    public bool NeedsBaseBackup => !Gaps.IsEmpty;
}

/// <summary>Where one tier stands.</summary>
/// <param name="Tier">Its name.</param>
/// <param name="Position">Everything before this position is in it.</param>
/// <param name="AsOf">Everything received before this moment is in it.</param>
/// <param name="Failure">Why its last write failed; null: it did not.</param>
public sealed record WalTierStatus(string Tier, Lsn Position, DateTimeOffset AsOf, string? Failure);

/// <summary>WAL the archive does not have and will not get.</summary>
/// <param name="Timeline">The timeline.</param>
/// <param name="From">The first position missing.</param>
/// <param name="To">The first position there again.</param>
/// <param name="Reason">Why.</param>
public sealed record WalGap(TimelineId Timeline, Lsn From, Lsn To, string Reason);
