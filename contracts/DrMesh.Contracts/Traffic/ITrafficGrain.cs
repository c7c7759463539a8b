using DrMesh.Contracts.Access;

namespace DrMesh.Contracts.Traffic;

/// <summary>
/// Which region a service's names answer with; the key is the service's name. It moves names when told to and never by itself:
/// the caller makes sure first that the new primary accepts writes under the epoch it passes.
/// </summary>
[Alias("drmesh.traffic")]
public interface ITrafficGrain : IGrainWithStringKey
{
    /// <summary>Declares the service, or changes its declaration; nothing moves. The same again changes nothing.</summary>
    [Alias("declare")]
    Task Declare(TrafficService service, CancellationToken cancellationToken);

    /// <summary>What is recorded and was last seen; asks nobody.</summary>
    [Alias("get-status"), LeastRole(AccessRole.Viewer)]
    Task<TrafficStatus> GetStatus(CancellationToken cancellationToken);

    /// <summary>What <see cref="Switch"/> would do now: reads the record sets and touches nothing.</summary>
    [Alias("plan"), LeastRole(AccessRole.Viewer)]
    Task<TrafficPlan> Plan(SwitchTraffic order, CancellationToken cancellationToken);

    /// <summary>
    /// Records the order and starts it; returns at once. Repeat the call with the same order until
    /// <see cref="TrafficOperation.EndedAt"/> is set: it then returns the outcome and starts nothing again.
    /// </summary>
    [Alias("switch")]
    Task<TrafficOperation> Switch(SwitchTraffic order, CancellationToken cancellationToken);

    /// <summary>Compares the provider with the wanted state now, and puts back what a stale writer of DrMesh changed.</summary>
    [Alias("reconcile")]
    Task<TrafficStatus> Reconcile(CancellationToken cancellationToken);
}
