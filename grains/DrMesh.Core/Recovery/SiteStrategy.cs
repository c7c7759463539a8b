using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Recovery;

/// <summary>What the strategies <c>pilot_light</c> and <c>warm_standby</c> keep in the other regions.</summary>
public static class SiteStrategy
{
    /// <summary>Whether the other site is brought up from the repository: nobody there follows the primary.</summary>
    public static bool IsFromRepository(FailoverStrategy strategy) => strategy is FailoverStrategy.PilotLight or FailoverStrategy.WarmStandby;

    /// <summary>
    /// Whether a member is another site's, and left as its strategy wants it instead of being made to follow: everyone outside the cluster's own region but the one that leads. Those at home
    /// follow as in any cluster, also a primary that is elsewhere, so that a failback finds them.
    /// </summary>
    public static bool Keeps(FailoverStrategy strategy, PostgreSqlCluster cluster, ClusterRecord? record, string member)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return IsFromRepository(strategy) && member != record?.Primary && cluster.Members.First(known => known.Name == member).Node.Region != cluster.PrimaryRegion;
    }

    /// <summary>The strategy that holds for a cluster: its application's, else its own policy's.</summary>
    public static FailoverStrategy Of(EstateDocument estate, PostgreSqlCluster cluster) =>
        ApplicationScope.Of(estate, cluster.Name).Policy.Failover.Strategy;
}
