using System.Collections.Immutable;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Setup;

/// <summary>Where a server is not what the estate declares it to be.</summary>
public static class DeclaredServerFindings
{
    /// <summary>The findings of <paramref name="server"/>, reached where the estate says <paramref name="member"/> is.</summary>
    public static ImmutableArray<SetupFinding> Of(PostgreSqlCluster cluster, PostgreSqlMember member, ServerFacts server)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(server);
        var found = new FindingList(server.Name);
        if (server.DataDirectory is { } directory)
        {
            found.Require(
                directory.TrimEnd('/') == member.DataDirectory.TrimEnd('/'),
                "cluster",
                $"its data directory is {directory}, as the estate says",
                $"its data directory is {directory}, the estate says {member.DataDirectory}",
                $"write dataDirectory: {directory} under clusters.{cluster.Name}.members.{member.Name}");
        }

        var replication = cluster.ReplicationUser.Name;
        found.Require(
            server.ReplicationRoles.Contains(replication),
            "rights", $"{replication} may replicate", $"the role {replication} may not replicate, or is not there", $"create role \"{replication}\" login replication; or: alter role \"{replication}\" replication;");
        if (server.IsStandby && ClusterShape.NameOf(server) is { } name)
        {
            found.Require(
                name == member.Name,
                "replication",
                $"its primary knows it as {name}",
                $"its primary knows it as {name}, the estate as {member.Name}: no commit would wait for it",
                $"alter system set primary_conninfo = '… application_name={member.Name}'; select pg_reload_conf();");
        }

        return found.ToImmutable();
    }
}
