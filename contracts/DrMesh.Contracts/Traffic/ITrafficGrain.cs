using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Traffic;

/// <summary>
/// Which region a service's names answer with; the key is the service's name. It moves names when told to and never by itself:
/// the caller makes sure first that the new primary accepts writes under the epoch it passes. What the names are and what they answer is
/// read from the applied estate at each call; a service the estate does not have is <see cref="Errors.DrMeshError.TrafficServiceUnknown"/>.
/// </summary>
[Alias("drmesh.traffic")]
public interface ITrafficGrain : IGrainWithStringKey
{
    /// <summary>What is recorded and was last seen; asks nobody.</summary>
    [Alias("get-status"), LeastRole(AccessRole.Viewer)]
    Task<TrafficStatus> GetStatus(CancellationToken cancellationToken);

    /// <summary>What <see cref="Switch"/> would do now: reads the record sets and touches nothing.</summary>
    [Alias("plan"), LeastRole(AccessRole.Viewer)]
    Task<TrafficPlan> Plan(SwitchTraffic order, CancellationToken cancellationToken);

    /// <summary>
    /// Records the order and starts it; returns at once. The same order again returns how far it is and starts nothing twice; a caller that
    /// waits for its end asks <see cref="GetStatus"/> meanwhile, which leaves no line in the audit trail.
    /// </summary>
    [Alias("switch"), StateChanging("traffic.switch")]
    Task<TrafficOperation> Switch(SwitchTraffic order, CancellationToken cancellationToken);

    /// <summary>Compares the provider with the wanted state now, and puts back what a stale writer of DrMesh changed.</summary>
    [Alias("reconcile"), StateChanging("traffic.reconcile")]
    Task<TrafficStatus> Reconcile(CancellationToken cancellationToken);
}
