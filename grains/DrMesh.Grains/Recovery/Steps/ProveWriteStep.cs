using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Writes and reads the epoch on the new primary, waiting for its standbys as a client does, unless too few of them are there, which the estate lets writes wait for.</summary>
internal sealed class ProveWriteStep(RecoveryMembersFactory members) : ClusterStep(DrSteps.ProveWrite, members)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(9);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var answer = await members.OrderAsync(members.Candidate, new WriteEpoch { Command = members.Command, Waits = !members.CandidateIsShort }, Limit, cancellationToken);
        return members.ToResult(answer, ("primary", members.Candidate), ("write", answer.Value?.Detail ?? ""), ("waited", members.CandidateIsShort ? "false" : "true"));
    }
}
