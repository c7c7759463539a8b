using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace DrMesh.TestKit.Crash;

/// <summary>Ends a silo of a cluster in this process without farewell.</summary>
public static class SiloDeath
{
    /// <summary>
    /// Ends <paramref name="dead"/> and tells the others, by the write to the membership table that they would make themselves some probes later: how soon a death
    /// is noticed is for the tests of liveness.
    /// </summary>
    public static async Task KillAndTellAsync(this InProcessTestCluster cluster, InProcessSiloHandle dead, CancellationToken cancellationToken = default)
    {
        await cluster.KillSiloAsync(dead, cancellationToken);
        await cluster.Silos[0].ServiceProvider.GetRequiredService<IClusterMembershipService>().TryKill(dead.SiloAddress);
    }
}
