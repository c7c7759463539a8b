using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Recovery;

/// <summary>
/// Commits that wait for nobody, or would when their standbys are gone, leave only its agent to stop a cut-off primary. Where nothing ends the server with its agent, no failover may
/// begin by itself.
/// </summary>
public static class UnguardedDurability
{
    /// <summary>The nodes on which a primary could outlive its agent; empty: all are guarded, or commits always wait for somebody.</summary>
    public static IReadOnlyList<string> Nodes(PostgreSqlCluster cluster, DurabilityDefinition durability, Func<NodeId, NodeDefinition?> find)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(durability);
        return durability.Mode == DurabilityMode.Quorum && durability.WhenQuorumLost == QuorumLost.Wait
            ? []
            : [.. cluster.Members
                .Where(member => member.Promotable && find(member.Node) is { Guard: AgentGuard.None })
                .Select(member => member.Node.ToString()).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Why a cluster may not take a durability; null: it may.</summary>
    public static string? Refusal(EstateDocument estate, PostgreSqlCluster cluster, DurabilityDefinition durability)
    {
        ArgumentNullException.ThrowIfNull(estate);
        ArgumentNullException.ThrowIfNull(cluster);
        var policy = ApplicationScope.Of(estate, cluster.Name).Policy;
        if (policy.Failover.Strategy != FailoverStrategy.Automatic)
        {
            return null;
        }

        var nodes = Nodes(cluster, durability, node => estate.Regions.FirstOrDefault(region => region.Name == node.Region)?.Nodes.FirstOrDefault(known => known.Name == node.Name));
        return nodes.Count == 0
            ? null
            : $"policy {policy.Name} fails {cluster.Name} over by itself, and on {string.Join(", ", nodes)} nothing ends a primary whose agent died: it would go on writing beside the promoted one";
    }
}
