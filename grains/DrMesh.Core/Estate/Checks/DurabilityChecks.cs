using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Estate.Checks;

/// <summary>A quorum can be reached, and what is promised can be kept by the durability mode.</summary>
internal static class DurabilityChecks
{
    public static void Run(CheckContext context)
    {
        foreach (var cluster in context.Estate.Clusters.OfType<PostgreSqlCluster>())
        {
            if (cluster.Durability.Mode == DurabilityMode.Quorum)
            {
                CheckQuorum(context, cluster);
            }
            else
            {
                CheckAsync(context, cluster);
            }
        }
    }

    // Only standbys of other regions count: an acknowledgement from the primary's own region is lost with it.
    private static void CheckQuorum(CheckContext context, PostgreSqlCluster cluster)
    {
        var path = $"clusters.{cluster.Name}.durability";
        var standbys = cluster.Members.Where(member => member.Node.Region != cluster.PrimaryRegion).ToArray();
        var needed = cluster.Durability.Acknowledgements;
        string[] related =
        [
            $"{path}.mode", $"{path}.acknowledgements", $"{path}.whenQuorumLost", $"clusters.{cluster.Name}.primaryRegion", $"clusters.{cluster.Name}.members",
            .. cluster.Members.Select(member => $"clusters.{cluster.Name}.members.{member.Name}.node"),
        ];
        if (standbys.Length == 0)
        {
            context.Findings.Error(
                path,
                $"quorum needs a standby in another region than {cluster.PrimaryRegion}, found none; add a member there, or set mode: async",
                related);
        }
        else if (needed > standbys.Length)
        {
            context.Findings.Error(
                $"{path}.acknowledgements",
                $"a quorum of {needed} needs {needed} standbys outside {cluster.PrimaryRegion}, found {standbys.Length}: {string.Join(", ", standbys.Select(standby => standby.Name))}",
                related);
        }
        else if (needed == standbys.Length && cluster.Durability.WhenQuorumLost == QuorumLost.Wait)
        {
            context.Findings.Warning(
                path,
                $"{(needed == 1 ? "the only standby" : $"each of the {needed} standbys")} outside {cluster.PrimaryRegion} must acknowledge, so its loss stops every write; add a standby, or set whenQuorumLost: async",
                related);
        }
    }

    private static void CheckAsync(CheckContext context, PostgreSqlCluster cluster)
    {
        var path = $"clusters.{cluster.Name}.durability";
        foreach (var key in new[] { "acknowledgements", "whenQuorumLost" })
        {
            if (context.Findings.IsGiven($"{path}.{key}"))
            {
                context.Findings.Warning($"{path}.{key}", $"{key} is not used with mode: async", $"{path}.mode");
            }
        }

        foreach (var (policy, policyPath) in context.FailoverPolicies(cluster).Where(pair => pair.Policy.Rpo == TimeSpan.Zero))
        {
            context.Findings.Error(
                policyPath,
                $"policy \"{policy.Name}\" promises rpo 0s, which cluster \"{cluster.Name}\" cannot keep with durability async; set durability.mode: quorum, or a longer rpo",
                $"{path}.mode",
                $"policies.{policy.Name}.rpo");
        }
    }
}
