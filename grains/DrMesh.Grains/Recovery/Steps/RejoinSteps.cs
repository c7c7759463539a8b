using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Work;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Failback: the member that is to lead again follows the primary, by rewind or a new copy.</summary>
internal sealed class RejoinFormerStep(RecoveryMembersFactory members, NodeWork work, IClusterRecords records) : ClusterStep(DrSteps.RejoinFormer, members)
{
    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(members.Cluster.Name, cancellationToken) is not { } record || record.Primary != members.Move.OldPrimary)
        {
            return StepResult.Refused($"{members.Move.OldPrimary} no longer leads {members.Cluster.Name}");
        }

        var former = members.Move.Promotable[0];
        var result = await Rejoining.RunAsync(members, former, members.Move.OldPrimary, record.Epoch, work, cancellationToken);
        return Rejoining.Told(result, record.Shown is { } shown && shown.OldPrimary == former ? shown : null);
    }
}

/// <summary>Failback: waits until the member has, and replays, what the primary has.</summary>
internal sealed class AwaitSyncStep(RecoveryMembersFactory members, TimeProvider time) : ClusterStep(DrSteps.AwaitSync, members)
{
    private const long CloseEnough = 1 << 20;
    private static readonly TimeSpan Ask = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var member = members.Move.Promotable[0];
        while (true)
        {
            var primary = (await members.StatusAsync(members.Move.OldPrimary, Ask, cancellationToken)).Value;
            var follower = primary?.Followers.FirstOrDefault(known => known.Name == member);
            if (primary is not null && follower is not null)
            {
                var behind = Math.Max(0, primary.Lsn - follower.Replayed);
                members.Context.Report($"{member} is {behind} bytes behind");
                if (behind <= CloseEnough)
                {
                    return StepResult.Done(("member", member), ("behind", $"{behind}"), ("lsn", follower.Replayed.ToString()));
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}

/// <summary>The old primary follows, where its agent answers; what it alone had is told beside what was shown before. Where it does not, the cluster's keeper brings it back when it returns.</summary>
internal sealed class RejoinOldPrimaryStep(RecoveryMembersFactory members, NodeWork work, ILogger<RejoinOldPrimaryStep> logger) : ClusterStep(DrSteps.RejoinOldPrimary, members)
{
    private static readonly TimeSpan Ask = TimeSpan.FromSeconds(2);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var old = members.Move.OldPrimary;
        var answer = await members.StatusAsync(old, Ask, cancellationToken);
        if (answer.Value is null)
        {
            return StepResult.Done(("member", old), ("away", $"{answer.Problem}; it is fenced and rejoins when it comes back"));
        }

        var result = await Rejoining.RunAsync(members, old, members.Candidate, members.Epoch, work, cancellationToken);
        var told = Rejoining.Told(result, members.Shown);
        if (told.Evidence.TryGetValue(LossAccount.Beyond, out var beyond))
        {
            logger.LostMoreThanShown(members.Cluster.Name, old, members.Context.Session, beyond);
        }

        return told;
    }
}

/// <summary>Watches the new primary for a while, then gives the cluster back to its keeper.</summary>
internal sealed class WatchStabilityStep(RecoveryMembersFactory members, IClusterRecords records, MemberBoard board, TimeProvider time)
    : ClusterStep(DrSteps.WatchStability, members)
{
    private static readonly TimeSpan Ask = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < members.Context.Plan.StableFor)
        {
            var answer = await members.StatusAsync(members.Candidate, Ask, cancellationToken);
            if (answer.Value is { Role: not MemberRole.Primary } status)
            {
                return StepResult.Refused($"{members.Candidate} is {status.Role} after its promotion");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        await Rejoining.ReleaseAsync(members, records, board, cancellationToken);
        return StepResult.Done(("primary", members.Candidate), ("watched", $"{members.Context.Plan.StableFor.TotalSeconds:0.#} s"));
    }
}
