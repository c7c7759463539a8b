using System.Globalization;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Where commits wait for nobody: makes sure that nobody writes any more, unless everyone who may is known to be stopped. The epoch was raised, so the control store renews no lease; agents that
/// granted one promise when it has run out, and are asked until a majority has; then the last lease there can be is waited for. A start that was interrupted waits its whole time again.
/// </summary>
internal sealed class AwaitLeaseStep(RecoveryMembersFactory members, ILeaseRecords leases, MemberBoard board, TimeProvider time) : ClusterStep(DrSteps.AwaitLease, members)
{
    private static readonly TimeSpan OrderLimit = TimeSpan.FromSeconds(1.8);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var (context, move) = (members.Context, members.Move);
        if (CandidateChoice.OpenSets(context.State, context.Target).All(set => set.Needed > 0))
        {
            return StepResult.Done(("waited", "0"), ("excluded", "yes"), ("why", "every commit waits for standbys"));
        }

        var lease = await leases.FindAsync(members.Cluster.Name, cancellationToken);
        var wasPromoting = context.State.Transitions.Any(moved => moved.To == DrPhases.Promoting.Value);
        string[] writers = wasPromoting ? [move.OldPrimary, .. move.Standbys] : [move.OldPrimary];
        // Who promised under this epoch is a standby that follows nobody.
        HashSet<string> stopped = [.. members.Promised, .. members.OldPrimaryIsStopped ? [move.OldPrimary] : (string[])[]];
        if (wasPromoting && lease is { Holder: var lost } && !stopped.Contains(lost) && writers.Contains(lost)
            && (await members.OrderAsync(lost, new FenceServer { Command = members.Command }, OrderLimit, cancellationToken)).Value is { Obeyed: true })
        {
            stopped.Add(lost);
        }

        var exclusion = LeaseExclusion.Of(lease, writers, stopped, context.Plan.Lease);
        if (exclusion == LeaseExclusion.NotNeeded)
        {
            return StepResult.Done([("waited", "0"), ("excluded", "yes"), ("why", $"{lease?.Holder ?? move.OldPrimary} is stopped"), .. Reach()]);
        }

        var promises = new Dictionary<string, Promise>(StringComparer.Ordinal);
        var missing = await CollectAsync(members, exclusion, promises, cancellationToken);
        context.Report($"waits {exclusion.Wait.TotalSeconds:0.#} s for the lease of {lease?.Holder ?? move.OldPrimary}");
        await Task.Delay(exclusion.Wait, time, cancellationToken);
        return StepResult.Done(
        [
            ("waited", exclusion.Wait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)),
            ("excluded", missing is null ? "yes" : "no"),
            ("why", missing ?? "whoever held the lease has fenced itself"),
            .. promises.Values.Select(CandidateChoice.ToEvidence),
            .. missing is null ? Reach() : [],
        ]);

        // Nobody writes without the lease, and nobody writes any more: so far, then, whoever held it can have come.
        IEnumerable<(string, string)> Reach()
        {
            var holder = lease?.Holder ?? move.OldPrimary;
            return [("at", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)), .. CandidateChoice.ToEvidence(holder, board.Reach(members.Cluster.Name, holder))];
        }
    }

    // Asks the voters until a majority promised, no longer than a lease that was granted before can run. Null: a majority did; else what is missing.
    private async Task<string?> CollectAsync(RecoveryMembers members, LeaseExclusion exclusion, Dictionary<string, Promise> promises, CancellationToken cancellationToken)
    {
        if (exclusion.Voters is not { } voters)
        {
            return $"{members.Move.OldPrimary} never took a lease, so nobody knows when it stops by itself";
        }

        var begun = time.GetTimestamp();
        HashSet<string> promised = [.. members.Promised];
        var problems = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (exclusion.Missing(promised) > 0)
        {
            var asked = members.Cluster.Members.Select(member => member.Name).Where(member => voters.Contains(member) && !promised.Contains(member));
            foreach (var (voter, reply, problem) in await Task.WhenAll(asked.Select(async voter =>
            {
                var answer = await members.OrderAsync(voter, new MakePromise { Command = members.Command }, OrderLimit, cancellationToken);
                return (voter, answer.Value, answer.Value?.Reason ?? answer.Problem ?? "no answer");
            })))
            {
                if (reply is { Obeyed: true })
                {
                    promised.Add(voter);
                    promises[voter] = new Promise(voter, members.Epoch, reply.Timeline, reply.Lsn);
                }
                else
                {
                    problems[voter] = problem;
                }
            }

            if (exclusion.Missing(promised) is > 0 and var missing && time.GetElapsedTime(begun) > exclusion.Wait)
            {
                return $"{missing} more of {string.Join(", ", voters)} must promise: {string.Join("; ", problems.Where(entry => !promised.Contains(entry.Key)).Select(entry => $"{entry.Key}: {entry.Value}"))}";
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return null;
    }
}
