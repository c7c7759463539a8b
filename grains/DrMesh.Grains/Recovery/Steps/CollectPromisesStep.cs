using DrMesh.Contracts.Recovery;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Every reachable standby stops following and tells its LSN. Once those who answered cover every set that may have acknowledged a commit, the others are given a moment only:
/// an agent of a region that is gone would be waited for in vain. Who promises too late follows nobody until the session repoints it.
/// </summary>
internal sealed class CollectPromisesStep(RecoveryMembersFactory members, TimeProvider time) : ClusterStep(DrSteps.CollectPromises, members)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    // One below the step's tries: the last one takes what there is.
    private const int Insist = 3;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var sets = CandidateChoice.OpenSets(members.Context.State, members.Context.Target);
        // Everyone but the primary that is left, and it as well once it has become a standby.
        var asked = members.Move.Standbys.ToDictionary(member => AskAsync(members, member, cancellationToken));
        var promises = new List<Promise>();
        var problems = new List<string>();
        Task? moment = null;
        while (asked.Count > 0)
        {
            // In a planned move everyone is there, and the one to be promoted must be among them.
            if (moment is null && members.Context.Plan.Kind == RecoveryKind.Failover && promises.Exists(promise => members.Move.Promotable.Contains(promise.Member))
                && PromotionQuorum.Covers(sets, [.. promises.Select(promise => promise.Member)]))
            {
                moment = Task.Delay(Moment, time, cancellationToken);
            }

            var next = await Task.WhenAny(moment is null ? asked.Keys : [.. asked.Keys, moment]);
            if (next == moment)
            {
                break;
            }

            var (promise, problem) = await (Task<(Promise?, string?)>)next;
            asked.Remove((Task<(Promise?, string?)>)next);
            if (promise is not null)
            {
                promises.Add(promise);
            }
            else
            {
                problems.Add(problem!);
            }
        }

        // Who is busy is asked again before a person is: a loss that nobody can tell needs one. Of those that are really gone the last try makes a finding.
        var failures = members.Context.State.Find(DrSteps.CollectPromises, members.Context.Target)?.Failures ?? 0;
        if (failures < Insist && PromotionQuorum.Missing(sets, [.. promises.Select(promise => promise.Member)]) is > 0 and var missing)
        {
            return StepResult.Failed($"{missing} more must promise: {string.Join("; ", problems)}");
        }

        (string, string)[] silent = problems.Count == 0 ? [] : [("silent", string.Join("; ", problems))];
        return promises.Count == 0
            ? StepResult.Failed($"nobody promised: {string.Join("; ", problems)}")
            : StepResult.Done([.. promises.Select(CandidateChoice.ToEvidence), .. silent]);
    }

    private static async Task<(Promise? Promise, string? Problem)> AskAsync(RecoveryMembers members, string member, CancellationToken cancellationToken)
    {
        var answer = await members.OrderAsync(member, new MakePromise { Command = members.Command }, Limit, cancellationToken);
        return answer.Value is { Obeyed: true } reply
            ? (new Promise(member, members.Epoch, reply.Timeline, reply.Lsn), null)
            : (null, answer.Value?.Reason ?? answer.Problem ?? $"{member}: no answer");
    }
}
