using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>The standbys that promised follow the new primary. Those that did not are left to the cluster's keeper.</summary>
internal sealed class RepointStandbysStep(RecoveryMembersFactory members) : ClusterStep(DrSteps.RepointStandbys, members)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var order = new RepointServer { Command = members.Command, Upstream = members.At(members.Candidate) };
        var answers = await Task.WhenAll(members.Promised
            .Where(member => member != members.Candidate)
            .Select(async member => (member, answer: await members.OrderAsync(member, order, Limit, cancellationToken))));
        var lost = answers.Where(entry => entry.answer.Value is not { Obeyed: true }).ToArray();
        return lost.Length == 0
            ? StepResult.Done([.. answers.Select(entry => (entry.member, entry.answer.Value!.Detail ?? "follows"))])
            : StepResult.Failed(string.Join("; ", lost.Select(entry => entry.answer.Value?.Reason ?? entry.answer.Problem)));
    }
}
