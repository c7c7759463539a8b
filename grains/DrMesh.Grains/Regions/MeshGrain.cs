using DrMesh.Contracts.Regions;
using DrMesh.Grains.ControlStore;
using Orleans.Concurrency;

namespace DrMesh.Grains.Regions;

/// <summary>The mesh at a glance, from what the watch of the asked silo has seen: it calls nobody.</summary>
[StatelessWorker, Reentrant]
internal sealed class MeshGrain(RegionWatch watch, SiloIdentity self, ControlStoreMonitor store, TimeProvider time) : Grain, IMeshGrain
{
    public async Task<MeshOverview> GetOverview(CancellationToken cancellationToken)
    {
        await watch.FirstLook.WaitAsync(cancellationToken);
        return new MeshOverview
        {
            ClusterId = self.ClusterId,
            At = time.GetUtcNow(),
            AnsweredBy = self.Node,
            Regions = watch.Overview(),
            ControlStore = store.Current,
        };
    }
}
