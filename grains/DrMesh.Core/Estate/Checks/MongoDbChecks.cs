using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Estate.Checks;

/// <summary>The rules of a replica set's configuration (MongoDB manual, "Replica Set Configuration"), and what a lost region does to its majority.</summary>
internal static class MongoDbChecks
{
    private const int MostVotes = 7;

    public static void Run(CheckContext context)
    {
        foreach (var cluster in context.Estate.Clusters.OfType<MongoDbCluster>())
        {
            CheckMembers(context, cluster);
            CheckVotes(context, cluster);
        }
    }

    private static void CheckMembers(CheckContext context, MongoDbCluster cluster)
    {
        foreach (var member in cluster.Members.Where(member => !member.Votes && member.Priority > 0))
        {
            var path = $"clusters.{cluster.Name}.members.{member.Name}";
            context.Findings.Error($"{path}.priority", "a member without a vote must have priority 0", $"{path}.votes");
        }
    }

    private static void CheckVotes(CheckContext context, MongoDbCluster cluster)
    {
        var path = $"clusters.{cluster.Name}.members";
        var voters = cluster.Members.Where(member => member.Votes).ToArray();
        string[] related = [.. cluster.Members.SelectMany(member => new[] { $"{path}.{member.Name}.votes", $"{path}.{member.Name}.node" })];
        if (voters.Length > MostVotes)
        {
            context.Findings.Error(path, $"{voters.Length} members vote, a replica set allows {MostVotes}; set votes: false for the others", related);
        }
        else if (voters.Length > 0 && voters.Length % 2 == 0)
        {
            context.Findings.Warning(path, $"{voters.Length} members vote: an even number survives no more losses than {voters.Length - 1}; add a voter, or set votes: false for one", related);
        }
        else if (voters.GroupBy(voter => voter.Node.Region).MaxBy(region => region.Count()) is { } largest && largest.Count() * 2 > voters.Length && voters.Length > 1)
        {
            context.Findings.Warning(
                path,
                $"{largest.Count()} of {voters.Length} votes are in {largest.Key}: when it is lost the others have no majority, and a person must approve a forced reconfiguration",
                related);
        }
    }
}
