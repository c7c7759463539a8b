using System.Globalization;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>What a promotion would lose of what was acknowledged.</summary>
/// <param name="Bytes">At most so many bytes of WAL; null: nobody can tell.</param>
public sealed record ExpectedLoss(long? Bytes)
{
    /// <summary>Nothing.</summary>
    public static ExpectedLoss None { get; } = new(0L);

    /// <summary>Nobody can tell.</summary>
    public static ExpectedLoss Unknown { get; } = new((long?)null);

    /// <summary>
    /// With enough promises nothing is lost but what a standby that may not become primary has beyond the candidate. Otherwise, where commits wait for nobody, the loss is what the
    /// old primary was last seen ahead of the candidate, if it was seen and not on a later timeline; where they wait, an unseen acknowledgement may be anywhere.
    /// </summary>
    public static ExpectedLoss Of(
        IReadOnlyCollection<AcknowledgingSet> openSets, IReadOnlyCollection<Promise> promises, Candidate candidate, (TimelineId Timeline, Lsn Lsn)? lastSeenOnPrimary) =>
        Of(openSets, promises, candidate, lastSeenOnPrimary, PromotionQuorum.Covers);

    internal static ExpectedLoss Of(
        IReadOnlyCollection<AcknowledgingSet> openSets, IReadOnlyCollection<Promise> promises, Candidate candidate, (TimelineId Timeline, Lsn Lsn)? lastSeenOnPrimary,
        Func<IEnumerable<AcknowledgingSet>, IReadOnlyCollection<string>, bool> covers)
    {
        ArgumentNullException.ThrowIfNull(openSets);
        ArgumentNullException.ThrowIfNull(promises);
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.BytesAhead == long.MaxValue)
        {
            return Unknown;
        }

        if (covers(openSets, [.. promises.Select(promise => promise.Member)]))
        {
            return new ExpectedLoss(candidate.BytesAhead);
        }

        return openSets.All(set => set.Needed == 0) && lastSeenOnPrimary is { } seen && seen.Timeline <= candidate.Timeline
            ? new ExpectedLoss(Math.Max(candidate.BytesAhead, seen.Lsn - candidate.Received))
            : Unknown;
    }

    /// <summary>Whether the policy lets it happen without a person: it is known and within the limit.</summary>
    public bool IsWithin(long limitBytes) => Bytes is { } bytes && bytes <= limitBytes;

    /// <inheritdoc/>
    public override string ToString() => Bytes is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : "unknown";
}
