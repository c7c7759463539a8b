using DrMesh.Contracts.Regions;
using DrMesh.Grains.ControlStore;
using DrMesh.Grains.Placement;
using Orleans.Concurrency;

namespace DrMesh.Grains.Regions;

/// <summary>One silo's word on itself; everything is at hand in the process.</summary>
[PlacedOnNode, Reentrant]
internal sealed class SiloGrain(
    SiloIdentity identity,
    ILocalSiloDetails local,
    IClusterMembershipService membership,
    ControlStoreMonitor store,
    RegionWatch watch,
    TimeProvider time) : Grain, ISiloGrain
{
    public Task<SiloReport> GetReport(CancellationToken cancellationToken) => Task.FromResult(new SiloReport
    {
        Health = new SiloHealth
        {
            Node = identity.Node,
            Address = SiloRoster.AddressOf(local.SiloAddress),
            State = SiloRoster.StateOf(membership.CurrentSnapshot.GetSiloStatus(local.SiloAddress)),
            StartedAt = identity.StartedAt,
            Uptime = time.GetElapsedTime(identity.StartedTimestamp),
            Role = identity.Role,
            Version = SiloIdentity.Version,
            ControlStore = store.Current,
        },
        Sees = watch.Sightings,
    });
}
