using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Recovery;

/// <summary>Step <see cref="DrSteps.ChooseCandidate"/>, decided on the session's own evidence alone.</summary>
public static class CandidateChoice
{
    private const string PromisePrefix = "promise.";

    /// <summary>Chooses, or fails when nobody can be promoted.</summary>
    /// <param name="state">The session.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="epoch">The session's epoch of it.</param>
    /// <param name="covers">When promises are enough: <see cref="PromotionQuorum.Covers"/>.</param>
    public static StepResult Decide(
        SessionState<RecoveryPlan> state, string cluster, long epoch, Func<IEnumerable<AcknowledgingSet>, IReadOnlyCollection<string>, bool>? covers = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var move = state.Plan[cluster];
        var promises = WithArchive(state, cluster, Promises(state, cluster, epoch));
        if (Candidate.Choose(promises, epoch, move.Promotable) is not { } candidate)
        {
            return StepResult.Failed(
                $"none of {string.Join(", ", move.Promotable)} promised under epoch {epoch}", ("promised", string.Join(",", promises.Select(promise => promise.Member))));
        }

        var sets = OpenSets(state, cluster);
        var isAsync = sets.Any(set => set.Needed == 0);
        if (isAsync && !IsStoppedInOrder(state, cluster) && state.Find(DrSteps.AwaitLease, cluster) is not { Status: StepStatus.Done })
        {
            return StepResult.Failed($"commits of {cluster} wait for nobody since this session was planned, and it did not wait for the lease of {move.OldPrimary}; begin again");
        }

        var loss = isAsync && state.Evidence(DrSteps.AwaitLease, cluster, "excluded") == "no" ? ExpectedLoss.Unknown
            : HasAllOfAStoppedPrimary(state, cluster, candidate)
            ? ExpectedLoss.None
            : ExpectedLoss.Of(sets, promises, candidate, Reach(state, cluster), covers ?? PromotionQuorum.Covers);
        var doubt = OldPrimaryDoubt.Of(state, cluster, sets, [.. promises.Select(promise => promise.Member)]);
        var surviving = SurvivingSet.Of(move, candidate.Member, promises.Select(promise => promise.Member));
        (string, string)[] site = state.Plan.RestoresFirst ? [("lossSeconds", SiteLoss.Text(SiteLoss.Of(loss.Bytes, WroteUntil(state, cluster), ArchivedAt(state, cluster))))] : [];
        (string, string)[] doubts = doubt is null ? [] : [("doubt", doubt)];
        (string, string)[] rests = isAsync && loss != ExpectedLoss.None && state.Evidence(DrSteps.AwaitLease, cluster, "rests") is { } rest
            ? [("rests", loss == ExpectedLoss.Unknown && Reach(state, cluster) is not null ? $"{rest}; a standby has more than that, or is on another timeline" : rest)]
            : [];
        return StepResult.Done(
        [
            ("candidate", candidate.Member),
            ("received", candidate.Received.ToString()),
            ("promised", string.Join(",", promises.Select(promise => promise.Member))),
            ("sets", AcknowledgingSetText.Write(sets)),
            ("loss", loss.ToString()),
            // The limit is of commits that wait for nobody: where they wait, none may be lost, whatever else the application holds.
            ("acceptable", doubt is null && loss.IsWithin(sets.All(set => set.Needed == 0) ? state.Plan.LossLimitBytes : 0) ? "true" : "false"),
            ("acknowledging", AcknowledgingSetText.Write([surviving.Set])),
            ("short", surviving.IsShort ? "true" : "false"),
            .. site,
            .. rests,
            .. doubts,
        ]);
    }

    // What the archive gave after the promise counts as well: it acknowledges nothing for anybody.
    private static IReadOnlyList<Promise> WithArchive(SessionState<RecoveryPlan> state, string cluster, IReadOnlyList<Promise> promises) =>
        state.Find(DrSteps.FollowArchive, cluster) is { Status: StepStatus.Done } replayed && replayed.Evidence.TryGetValue("lsn", out var lsn)
            ? [.. promises.Select(promise => promise.Member == replayed.Evidence["member"] && Lsn.Parse(lsn) > promise.Received
                ? promise with { Received = Lsn.Parse(lsn), Timeline = new TimelineId(Math.Max(promise.Timeline.Value, uint.Parse(replayed.Evidence["timeline"], CultureInfo.InvariantCulture))) }
                : promise)]
            : promises;

    private static DateTimeOffset? WroteUntil(SessionState<RecoveryPlan> state, string cluster) =>
        state.Evidence(DrSteps.AwaitLease, cluster, "excluded") == "yes" && state.Evidence(DrSteps.AwaitLease, cluster, "at") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null;

    private static DateTimeOffset? ArchivedAt(SessionState<RecoveryPlan> state, string cluster) =>
        (state.Evidence(DrSteps.FollowArchive, cluster, "archivedAt") ?? state.Evidence(DrSteps.RestoreSite, cluster, "archivedAt")) is { Length: > 0 } at
            ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)
            : null;

    // The shutdown checkpoint is the last record of an orderly stop. A standby that has more, but of an earlier timeline, parted from the stopped primary before. It tells nothing any more once
    // a candidate may have led after it.
    private static bool HasAllOfAStoppedPrimary(SessionState<RecoveryPlan> state, string cluster, Candidate candidate) =>
        candidate.BytesAhead == 0
        && IsStoppedInOrder(state, cluster)
        && state.Evidence(DrSteps.StopWrites, cluster, "lsn") is { } stopped
        && candidate.Received > Lsn.Parse(stopped)
        && state.Evidence(DrSteps.StopWrites, cluster, "timeline") == candidate.Timeline.ToString();

    private static bool IsStoppedInOrder(SessionState<RecoveryPlan> state, string cluster) =>
        state.Find(DrSteps.StopWrites, cluster) is { Status: StepStatus.Done } && state.Transitions.All(moved => moved.To != DrPhases.Promoting.Value);

    /// <summary>A promise as evidence: its name and value.</summary>
    public static (string Name, string Value) ToEvidence(Promise promise)
    {
        ArgumentNullException.ThrowIfNull(promise);
        return (PromisePrefix + promise.Member, WriteEnd(promise.Timeline, promise.Received));
    }

    /// <summary>How far whoever held the lease can have written by the time nobody writes any more, as evidence: <c>rests</c>, and <c>reach</c> where it is known.</summary>
    /// <param name="holder">Who held it.</param>
    /// <param name="reach">Its reach; null: nobody here saw it lead.</param>
    public static IReadOnlyList<(string Name, string Value)> ToEvidence(string holder, WalReach? reach) => reach is null ? [("rests", $"how far {holder} had written was not seen")]
        : reach.UpTo is { } end ? [("rests", reach.Explain(holder)), ("reach", WriteEnd(reach.Timeline, end))]
        : [("rests", reach.Explain(holder))];

    /// <summary>The promises the session collected under the epoch.</summary>
    public static IReadOnlyList<Promise> Promises(SessionState<RecoveryPlan> state, string cluster, long epoch)
    {
        ArgumentNullException.ThrowIfNull(state);
        // Who could not promise at first may have while the lease was waited for.
        StepName[] steps = [DrSteps.CollectPromises, DrSteps.AwaitLease];
        return [.. steps
            .SelectMany(step => state.Find(step, cluster)?.Evidence ?? ImmutableSortedDictionary<string, string>.Empty)
            .Where(fact => fact.Key.StartsWith(PromisePrefix, StringComparison.Ordinal))
            .Select(fact => (Member: fact.Key[PromisePrefix.Length..], End: ReadEnd(fact.Value)))
            .Select(fact => new Promise(fact.Member, epoch, fact.End.Timeline, fact.End.Lsn))];
    }

    private static (TimelineId Timeline, Lsn Lsn)? Reach(SessionState<RecoveryPlan> state, string cluster) =>
        state.Evidence(DrSteps.AwaitLease, cluster, "reach") is { } reach ? ReadEnd(reach) : null;

    private static string WriteEnd(TimelineId timeline, Lsn lsn) => string.Create(CultureInfo.InvariantCulture, $"{timeline.Value}:{lsn}");

    private static (TimelineId Timeline, Lsn Lsn) ReadEnd(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return (new TimelineId(uint.Parse(text[..colon], CultureInfo.InvariantCulture)), Lsn.Parse(text[(colon + 1)..]));
    }

    /// <summary>Every set that may have acknowledged a commit: as the raise of the epoch found them, else as the plan did.</summary>
    public static IReadOnlyList<AcknowledgingSet> OpenSets(SessionState<RecoveryPlan> state, string cluster)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Evidence(DrSteps.RaiseEpoch, cluster, "sets") is { } found ? AcknowledgingSetText.Read(found) : state.Plan[cluster].OpenSets;
    }
}
