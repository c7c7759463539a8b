using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Decides on the session's own evidence: <see cref="CandidateChoice"/>.</summary>
internal sealed class ChooseCandidateStep(RecoveryMembersFactory members) : ClusterStep(DrSteps.ChooseCandidate, members)
{
    protected override Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken) =>
        Task.FromResult(CandidateChoice.Decide(members.Context.State, members.Context.Target, members.Epoch));
}
