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
    /// old primary can have written beyond the candidate, if that is known and not on a later timeline; where they wait, an unseen acknowledgement may be anywhere. A standby that has more than the
    /// primary can have written proves that it wrote faster than it was ever seen to: then nobody can tell.
    /// </summary>
    public static ExpectedLoss Of(
        IReadOnlyCollection<AcknowledgingSet> openSets, IReadOnlyCollection<Promise> promises, Candidate candidate, (TimelineId Timeline, Lsn Lsn)? primaryReach) =>
        Of(openSets, promises, candidate, primaryReach, PromotionQuorum.Covers);

    internal static ExpectedLoss Of(
        IReadOnlyCollection<AcknowledgingSet> openSets, IReadOnlyCollection<Promise> promises, Candidate candidate, (TimelineId Timeline, Lsn Lsn)? primaryReach,
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

        return openSets.All(set => set.Needed == 0) && primaryReach is { } reach && reach.Timeline <= candidate.Timeline
            && !promises.Any(promise => promise.Timeline == reach.Timeline && promise.Received > reach.Lsn)
            ? new ExpectedLoss(Math.Max(candidate.BytesAhead, reach.Lsn - candidate.Received))
            : Unknown;
    }

    /// <summary>Whether the policy lets it happen without a person: it is known and within the limit.</summary>
    public bool IsWithin(long limitBytes) => Bytes is { } bytes && bytes <= limitBytes;

    /// <summary>Reads the text form; anything else is unknown.</summary>
    public static ExpectedLoss Parse(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out var bytes) ? new ExpectedLoss(bytes) : Unknown;

    /// <inheritdoc/>
    public override string ToString() => Bytes is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : "unknown";
}
