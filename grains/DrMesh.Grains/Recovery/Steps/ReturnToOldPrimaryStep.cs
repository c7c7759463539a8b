using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Nothing was promoted: the old primary serves again and the standbys follow it. A primary that nobody reaches is left as it is: its standbys follow it again once it is back,
/// by the cluster's keeper. One that this session stopped in order nobody else would start: its agent is asked again, as after the loss of its silo.
/// </summary>
internal sealed class ReturnToOldPrimaryStep(RecoveryMembersFactory members, IClusterRecords records, MemberBoard board)
    : ClusterStep(DrSteps.ReturnToOldPrimary, members)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var old = members.Move.OldPrimary;
        var epoch = members.Context.State.Epochs.GetValueOrDefault(members.Context.Target);
        if (epoch == 0)
        {
            return StepResult.Done(("old", "nothing was touched"));
        }

        var record = await records.FindAsync(members.Cluster.Name, cancellationToken);
        if (record is { Candidate: { } candidate })
        {
            return StepResult.Refused($"the promotion of {candidate} was ordered by an earlier session and never confirmed; going back to {old} could lose what {candidate} acknowledged");
        }

        // Where commits wait for nobody the old primary takes its lease before it serves.
        if (record is { IsAsync: true } held && held.Session == members.Context.Session && held.LedUnder != held.Epoch)
        {
            if (!await records.TryStoreAsync(held.Return(), cancellationToken))
            {
                return StepResult.Failed($"the record of {members.Cluster.Name} changed meanwhile");
            }

            board.Note(held.Return());
        }

        var served = await members.OrderAsync(old, new UnfenceServer { Command = members.Command }, Limit, cancellationToken);
        var follow = new RepointServer { Command = members.Command, Upstream = members.At(old) };
        var answers = await Task.WhenAll(members.Move.Standbys.Select(async member => (member, answer: await members.OrderAsync(member, follow, Limit, cancellationToken))));
        if (served.Value is { Obeyed: false } refused && refused.Epoch > members.Epoch)
        {
            return StepResult.Refused(refused.Reason ?? "it knows a higher epoch");
        }

        if (served.Value is not { Obeyed: true } && members.Context.State.Find(DrSteps.StopWrites, members.Context.Target) is { Attempts: > 0 })
        {
            return StepResult.Failed($"{old} was stopped by this session and could not be started: {served.Value?.Reason ?? served.Problem}");
        }

        await Rejoining.ReleaseAsync(members, records, board, cancellationToken);
        return StepResult.Done(
        [
            (old, served.Value?.Detail ?? served.Value?.Reason ?? served.Problem ?? ""),
            .. answers.Select(entry => (entry.member, entry.answer.Value?.Detail ?? entry.answer.Value?.Reason ?? entry.answer.Problem ?? "")),
        ]);
    }
}
