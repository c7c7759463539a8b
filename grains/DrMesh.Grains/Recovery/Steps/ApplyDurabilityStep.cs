using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>The new primary confirms whom its commits wait for; from then on the record names it. Every set stays open until those who acknowledge for it have everything.</summary>
internal sealed class ApplyDurabilityStep(RecoveryMembersFactory members, IClusterRecords records, MemberBoard board) : ClusterStep(DrSteps.ApplyDurability, members)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(9);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var set = members.CandidateSet;
        var answer = await members.OrderAsync(members.Candidate, new AcknowledgeBy { Command = members.Command, Set = set }, Limit, cancellationToken);
        if (answer.Value is not { Obeyed: true })
        {
            return members.ToResult(answer);
        }

        if (await records.FindAsync(members.Cluster.Name, cancellationToken) is not { } record || record.Epoch != members.Epoch || record.Session != members.Context.Session)
        {
            return StepResult.Refused($"{members.Cluster.Name} is under another epoch or session by now");
        }

        var confirmed = record.Confirm(members.Candidate, members.Shown);
        if (!await records.TryStoreAsync(confirmed, cancellationToken))
        {
            return StepResult.Failed($"the record of {members.Cluster.Name} changed meanwhile");
        }

        board.Note(confirmed);
        return StepResult.Done(("primary", members.Candidate), ("acknowledging", set.ToString()), ("short", members.CandidateIsShort ? "true" : "false"));
    }
}
