using System.Collections.Immutable;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Recovery;

/// <summary>Which cluster's primary needs a lease, and whose agents may grant it.</summary>
public static class LeaseRule
{
    /// <summary>Whether a member may write only while it holds a lease: commits may wait for nobody, and there is somebody else to promote.</summary>
    public static bool IsNeeded(PostgreSqlCluster cluster, ClusterRecord record, string member)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(record);
        return record.IsAsync && cluster.Members.Any(other => other.Name != member && other.Promotable);
    }

    /// <summary>The lease a member asks for.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="record">Its record; its epoch is the lease's.</param>
    /// <param name="member">Who asks.</param>
    /// <param name="length">How long it is to run.</param>
    public static ClusterLease LeaseOf(PostgreSqlCluster cluster, ClusterRecord record, string member, TimeSpan length)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(record);
        return new ClusterLease { Cluster = cluster.Name, Epoch = record.Epoch, Holder = member, Voters = VotersOf(cluster, member), Length = length };
    }

    /// <summary>The policy's lease of a cluster.</summary>
    public static TimeSpan LengthOf(EstateDocument estate, PostgreSqlCluster cluster)
    {
        ArgumentNullException.ThrowIfNull(estate);
        return ApplicationScope.Of(estate, cluster.Name).Policy.Failover.Lease;
    }

    // Those of the other regions: an agent beside the primary goes with it. In one region alone, the other members.
    private static ImmutableArray<string> VotersOf(PostgreSqlCluster cluster, string primary)
    {
        var home = cluster.Members.First(member => member.Name == primary).Node.Region;
        var others = cluster.Members.Where(member => member.Name != primary).ToArray();
        var elsewhere = others.Where(member => member.Node.Region != home).ToArray();
        return [.. (elsewhere.Length > 0 ? elsewhere : others).Select(member => member.Name).Order(StringComparer.Ordinal)];
    }
}
