using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Grains.Placement;
using Orleans.Concurrency;

namespace DrMesh.Grains.Recovery.Sites;

/// <summary>Reads the repositories from its machine.</summary>
[PlacedOnNode, Reentrant]
internal sealed class SiteGrain(SiteRepositories repositories) : Grain, ISiteGrain
{
    public Task<PitrPlan> Plan(ClusterId cluster) => Task.Run(async () =>
    {
        await using var repository = await repositories.OpenAsync(cluster, CancellationToken.None);
        return await repositories.PlanAsync(cluster, repository, CancellationToken.None);
    });
}
