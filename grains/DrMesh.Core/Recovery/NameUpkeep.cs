using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Recovery;

/// <summary>Whether a service's names were left behind by the session that moved its cluster, as when the DNS provider was down in the same hour.</summary>
public static class NameUpkeep
{
    /// <summary>
    /// The epoch to move them under; null: they are as they should be, are on their way, or were last moved by a person, who is not overruled.
    /// </summary>
    /// <param name="record">The cluster's record; while a session holds the cluster its names are that session's.</param>
    /// <param name="region">The region of its primary.</param>
    /// <param name="traffic">How the service's traffic stands.</param>
    public static long? EpochToMove(ClusterRecord record, RegionId region, TrafficStatus traffic)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(traffic);
        if (record.Session is not null || record.Candidate is not null || traffic.Last is not { EndedAt: not null } last
            || !last.OperationId.StartsWith($"{SessionKinds.Recovery}-", StringComparison.Ordinal))
        {
            return null;
        }

        var arrived = traffic.Active == region && last.To == region && last.Phase == TrafficPhase.Switched;
        return arrived ? null : Math.Max(record.Epoch, traffic.Epoch);
    }
}
