using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>A checkpoint beforehand makes the stop short.</summary>
internal sealed class PrepareCheckpointStep(RecoveryMembersFactory members) : ClusterStep(DrSteps.PrepareCheckpoint, members)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken) =>
        members.ToResult(await members.OrderAsync(members.Move.OldPrimary, new MakeCheckpoint { Command = members.Command }, Limit, cancellationToken));
}

/// <summary>Stops the old primary in an orderly way: its standbys have all it wrote.</summary>
internal sealed class StopWritesStep(RecoveryMembersFactory members) : ClusterStep(DrSteps.StopWrites, members)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(29);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var answer = await members.OrderAsync(members.Move.OldPrimary, new StopServer { Command = members.Command }, Limit, cancellationToken);
        return members.ToResult(answer, ("lsn", $"{answer.Value?.Lsn}"), ("timeline", $"{answer.Value?.Timeline}"));
    }
}

/// <summary>Waits until a member that may be promoted has the old primary's last record.</summary>
internal sealed class AwaitCaughtUpStep(RecoveryMembersFactory members, TimeProvider time) : ClusterStep(DrSteps.AwaitCaughtUp, members)
{
    private static readonly TimeSpan Ask = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var stopped = Lsn.Parse(members.Context.State.Evidence(DrSteps.StopWrites, members.Context.Target, "lsn") ?? throw new InvalidOperationException("writes are not stopped yet"));
        var timeline = members.Context.State.Evidence(DrSteps.StopWrites, members.Context.Target, "timeline");
        var begun = time.GetTimestamp();
        while (true)
        {
            var seen = await Task.WhenAll(members.Move.Promotable.Select(async member => (member, (await members.StatusAsync(member, Ask, cancellationToken)).Value)));
            // The stop's LSN is where its last record begins. Who has more of an earlier timeline parted from the old primary before.
            if (seen.FirstOrDefault(entry => entry.Value?.Lsn > stopped && entry.Value.Timeline.ToString() == timeline) is { Value: { } status, member: var member })
            {
                return StepResult.Done(("member", member), ("lsn", status.Lsn.ToString()));
            }

            var best = seen.Select(entry => entry.Value?.Lsn ?? Lsn.None).Max();
            members.Context.Report($"{stopped - best} bytes behind");
            if (time.GetElapsedTime(begun) > Patience)
            {
                return StepResult.Failed($"the furthest of {string.Join(", ", members.Move.Promotable)} is at {best}, the old primary ended at {stopped}");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
