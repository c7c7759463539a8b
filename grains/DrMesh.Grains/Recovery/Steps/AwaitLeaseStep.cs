using System.Globalization;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Where commits wait for nobody: waits until the old primary's lease has run out, unless it is known to be stopped. The wait counts from this start of the step, which is after
/// the promises: from then on nobody grants a renewal. A start that was interrupted waits its whole time again.
/// </summary>
internal sealed class AwaitLeaseStep(RecoveryMembersFactory members, TimeProvider time) : ClusterStep(DrSteps.AwaitLease, members)
{
    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        if (members.OldPrimaryIsStopped)
        {
            return StepResult.Done(("waited", "0"), ("why", $"{members.Move.OldPrimary} is stopped"));
        }

        var wait = new LeaseTerm(members.Context.Plan.Lease).PromoterWait;
        members.Context.Report($"waits {wait.TotalSeconds:0.#} s for the lease of {members.Move.OldPrimary}");
        await Task.Delay(wait, time, cancellationToken);
        return StepResult.Done(("waited", wait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)));
    }
}
