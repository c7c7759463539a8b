using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Brings the other site up from base backup and archive.</summary>
internal sealed class RestoreSiteStep(RecoveryMembersFactory members) : ClusterStep(DrSteps.RestoreSite, members)
{
    protected override Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken) =>
        Task.FromResult(StepResult.Refused($"{members.Move.Promotable[0]} is not brought up from the repository by this version; restore it with drmesh pitr run, then fail over as hot_standby"));
}
