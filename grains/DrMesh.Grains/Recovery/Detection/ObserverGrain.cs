using DrMesh.Contracts.Databases;
using DrMesh.Grains.Placement;
using Orleans.Concurrency;

namespace DrMesh.Grains.Recovery.Detection;

/// <summary>Reads out what this silo's observer knows.</summary>
[PlacedOnNode, KeepAlive, Reentrant]
internal sealed class ObserverGrain(PrimaryObserver observer) : Grain, IObserverGrain
{
    public Task<ObserverReport> Report(ClusterId cluster) => Task.FromResult(observer.Report(cluster));
}
