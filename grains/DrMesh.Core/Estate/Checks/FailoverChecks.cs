using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Values;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Estate.Checks;

/// <summary>A failover that starts by itself, or without a further question, can neither make two primaries nor lack a place to go.</summary>
internal static class FailoverChecks
{
    private const int RegionsForMajority = 3;

    public static void Run(CheckContext context)
    {
        foreach (var policy in context.Estate.Policies)
        {
            CheckDetection(context, policy);
        }

        foreach (var cluster in context.Estate.Clusters)
        {
            foreach (var (policy, path) in context.FailoverPolicies(cluster))
            {
                CheckTarget(context, cluster, policy, path);
                CheckSite(context, cluster, policy, path);
                if (policy.Failover.Strategy == FailoverStrategy.Automatic)
                {
                    CheckGuards(context, cluster, policy, path);
                    CheckObservers(context, cluster, policy, path);
                }
            }
        }
    }

    private static void CheckDetection(CheckContext context, PolicyDefinition policy)
    {
        var path = $"policies.{policy.Name}.detection";
        var detection = policy.Detection;
        if (detection.DownAfter < 2 * detection.ProbeEvery)
        {
            context.Findings.Error(
                $"{path}.downAfter",
                $"{DurationText.Format(detection.DownAfter)} is shorter than two probes, one every {DurationText.Format(detection.ProbeEvery)}: a single lost packet would count as a lost primary",
                $"{path}.probeEvery");
        }

        if (detection.DownAfter < detection.ProbeTimeout)
        {
            context.Findings.Error(
                $"{path}.downAfter",
                $"{DurationText.Format(detection.DownAfter)} is shorter than probeTimeout ({DurationText.Format(detection.ProbeTimeout)}): no probe can fail in that time",
                $"{path}.probeTimeout");
        }

        if (policy.Failover.Strategy == FailoverStrategy.Automatic && policy.Rto <= detection.DownAfter)
        {
            context.Findings.Error(
                $"policies.{policy.Name}.rto",
                $"an rto of {DurationText.Format(policy.Rto)} cannot be kept: the primary counts as down only after {DurationText.Format(detection.DownAfter)} (detection.downAfter)",
                $"{path}.downAfter",
                $"policies.{policy.Name}.failover.strategy");
        }
    }

    private static void CheckTarget(CheckContext context, ClusterDefinition cluster, PolicyDefinition policy, string path)
    {
        if (policy.Failover.Strategy is FailoverStrategy.Automatic or FailoverStrategy.HotStandby
            && !CheckContext.MembersOf(cluster).Any(member => member.IsPromotable && member.Node.Region != cluster.PrimaryRegion))
        {
            context.Findings.Error(
                path,
                $"policy \"{policy.Name}\" fails over to a running standby, but cluster \"{cluster.Name}\" has none outside {cluster.PrimaryRegion}; add a member in another region, or choose another policy",
                [.. Related(cluster, policy)]);
        }
    }

    // A site that comes up from the repository needs one, and runs nobody who could acknowledge a commit meanwhile.
    private static void CheckSite(CheckContext context, ClusterDefinition cluster, PolicyDefinition policy, string path)
    {
        if (!SiteStrategy.IsFromRepository(policy.Failover.Strategy) || cluster is not PostgreSqlCluster postgres)
        {
            return;
        }

        if (postgres.Durability.Mode == DurabilityMode.Quorum)
        {
            context.Findings.Error(
                path,
                $"policy \"{policy.Name}\" brings the other site up from the repository, so nobody outside {cluster.PrimaryRegion} follows \"{cluster.Name}\" and could acknowledge a commit;"
                + " set durability.mode: async, or strategy: hot_standby",
                [.. Related(cluster, policy), $"clusters.{cluster.Name}.durability.mode"]);
        }

        if (postgres.Members.Where(member => member.Node.Region != cluster.PrimaryRegion && context.Node(member.Node) is { Host: AgentHost.Patroni }).ToArray() is [var patroni, ..])
        {
            context.Findings.Error(
                path,
                $"policy \"{policy.Name}\" brings {patroni.Name} up from the repository, but node {patroni.Node} has host: patroni, and Patroni takes the settings of a recovery away at each start;"
                + " set host: pg_ctl or systemd there, or strategy: hot_standby",
                [.. Related(cluster, policy), $"regions.{patroni.Node.Region}.nodes.{patroni.Node.Name}.host"]);
        }

        if (policy.Backup.Repositories.IsEmpty)
        {
            context.Findings.Error(
                path, $"policy \"{policy.Name}\" brings the other site up from the repository, and names none; set backup.repositories", $"policies.{policy.Name}.backup.repositories");
        }
    }

    /// <summary>
    /// In async durability nothing but its agent stops a cut-off primary from acknowledging writes; an agent that dies or freezes must take the
    /// primary with it. A quorum cluster that goes on as async when its standbys are gone is in the same place.
    /// </summary>
    private static void CheckGuards(CheckContext context, ClusterDefinition cluster, PolicyDefinition policy, string path)
    {
        if (cluster is not PostgreSqlCluster postgres || UnguardedDurability.Nodes(postgres, postgres.Durability, context.Node) is not { Count: > 0 } unguarded)
        {
            return;
        }

        var durability = postgres.Durability.Mode == DurabilityMode.Async ? "async" : "async when its quorum is lost";
        var remedy = postgres.Durability.Mode == DurabilityMode.Async ? "set durability.mode: quorum" : "set whenQuorumLost: wait";
        context.Findings.Error(
            path,
            $"policy \"{policy.Name}\" is automatic and cluster \"{cluster.Name}\" is {durability}, but {string.Join(", ", unguarded)} {(unguarded.Count == 1 ? "has" : "have")} no guard: "
            + $"a primary whose agent died would go on writing beside the promoted one; set guard: bound there, {remedy}, or choose another strategy",
            [
                .. Related(cluster, policy), $"clusters.{cluster.Name}.durability.mode", $"clusters.{cluster.Name}.durability.whenQuorumLost",
                .. postgres.Members.Select(member => $"regions.{member.Node.Region}.nodes.{member.Node.Name}.guard"),
            ]);
    }

    private static void CheckObservers(CheckContext context, ClusterDefinition cluster, PolicyDefinition policy, string path)
    {
        if (context.Estate.Regions.Length < RegionsForMajority)
        {
            context.Findings.Warning(
                path,
                $"policy \"{policy.Name}\" is automatic, but with {context.Estate.Regions.Length} regions nobody can tell a lost region from a lost link: "
                + $"cluster \"{cluster.Name}\" fails over by itself only when its own agent reports the primary gone; add a third region",
                $"policies.{policy.Name}.failover.strategy");
        }
    }

    private static IEnumerable<string> Related(ClusterDefinition cluster, PolicyDefinition policy) =>
    [
        $"policies.{policy.Name}.failover.strategy", $"clusters.{cluster.Name}.primaryRegion", $"clusters.{cluster.Name}.members",
        .. CheckContext.MembersOf(cluster).Select(member => $"{member.Path}.node"),
    ];
}
