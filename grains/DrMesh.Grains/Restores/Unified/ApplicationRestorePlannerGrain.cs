using DrMesh.Contracts.Restores.Unified;
using Orleans.Concurrency;

namespace DrMesh.Grains.Restores.Unified;

/// <summary>Plans from what the repositories hold now and from how fast earlier restores were.</summary>
[Reentrant]
internal sealed class ApplicationRestorePlannerGrain(UnifiedRestorePlanning planning) : Grain, IApplicationRestorePlannerGrain
{
    public async Task<UnifiedPitrPlan> Plan(StartUnifiedRestore request, CancellationToken cancellationToken) =>
        (await planning.PlanAsync(request with { Application = this.GetPrimaryKeyString() }, cancellationToken)).Shown;
}
