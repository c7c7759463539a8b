using System.Collections.Immutable;

namespace DrMesh.Core.Setup;

/// <summary>How servers stand to each other: one cluster with one primary, or why they are not.</summary>
public sealed record ClusterShape
{
    // A standby refuses to go on when one of these is lower than on its primary; PostgreSQL's manual, "Administrator's overview" of hot standby.
    private static readonly string[] AtLeastAsOnThePrimary =
        ["max_connections", "max_wal_senders", "max_worker_processes", "max_prepared_transactions", "max_locks_per_transaction"];

    /// <summary>The server that serves; null: none, or more than one.</summary>
    public ServerFacts? Primary { get; init; }

    /// <summary>The others, in the caller's order.</summary>
    public ImmutableArray<ServerFacts> Standbys { get; init; } = [];

    /// <summary>What is found of them together; with a problem they are not to be declared as one cluster, but for the settings of a standby.</summary>
    public ImmutableArray<SetupFinding> Findings { get; init; } = [];

    /// <summary>Why they cannot be declared as one cluster; null: they can.</summary>
    public SetupFinding? Refusal { get; init; }

    /// <summary>Looks at <paramref name="servers"/>, one or more, together.</summary>
    public static ClusterShape Of(ImmutableArray<ServerFacts> servers)
    {
        var found = new FindingList("the servers");
        if (RefusalOf(servers) is var (refused, remedy))
        {
            found.Problem("cluster", refused, remedy);
            return new ClusterShape { Findings = found.ToImmutable(), Refusal = found.ToImmutable()[0] };
        }

        var primary = servers.Single(server => !server.IsStandby);
        ImmutableArray<ServerFacts> standbys = [.. servers.Where(server => server.IsStandby)];
        found.Good("cluster", standbys.IsEmpty ? $"{primary.Name} serves alone" : $"one cluster: {primary.Name} serves, {string.Join(", ", standbys.Select(standby => standby.Name))} {(standbys.Length == 1 ? "follows" : "follow")}");
        if (standbys.IsEmpty)
        {
            found.Advice("cluster", "no standby: a failover has nobody to promote", $"pg_basebackup -R -X stream -d 'host={primary.Host} port={primary.Port} user=ROLE application_name=NAME' -D DIRECTORY on a machine of another region");
        }

        foreach (var standby in standbys)
        {
            foreach (var setting in AtLeastAsOnThePrimary.Where(setting => standby.Number(setting) < primary.Number(setting)))
            {
                found.Problem(
                    "settings",
                    $"{setting} is {standby.Number(setting)} on {standby.Name} and {primary.Number(setting)} on {primary.Name}: the standby stops replaying",
                    $"on {standby.Name}: alter system set {setting} = {primary.Number(setting)}; then restart it");
            }

            if (!primary.Followers.IsEmpty && standby.IsStreaming && NameOf(standby) is { } name && primary.Followers.All(follower => follower.Name != name))
            {
                found.Advice("cluster", $"{standby.Name} follows another standby, not {primary.Name}", "nothing: DrMesh lets each standby follow the primary itself after the first move");
            }
        }

        return new ClusterShape { Primary = primary, Standbys = standbys, Findings = found.ToImmutable() };
    }

    /// <summary>The name a standby has towards its primary; null: it may not be seen.</summary>
    public static string? NameOf(ServerFacts standby)
    {
        ArgumentNullException.ThrowIfNull(standby);
        return standby.Upstream.IsEmpty ? null
            : standby.Upstream.TryGetValue("application_name", out var name) ? name
            : standby.Settings.GetValueOrDefault("cluster_name") is { Length: > 0 } cluster ? cluster
            : "walreceiver";
    }

    private static (string Message, string Remedy)? RefusalOf(ImmutableArray<ServerFacts> servers)
    {
        var twice = servers.GroupBy(server => (server.SystemId, server.StartedAt, server.IsStandby, server.DataDirectory))
            .FirstOrDefault(same => same.Key.StartedAt != default && same.Count() > 1);
        if (twice is not null)
        {
            return ($"{string.Join(" and ", twice.Select(server => server.Name))} are one and the same server", "name each server once");
        }

        if (servers.Select(server => server.SystemId).Distinct().Count() > 1)
        {
            return (
                $"they are not of one cluster: {string.Join(", ", servers.Select(server => $"{server.Name} has system identifier {server.SystemId}"))}",
                "name a primary and servers that were copied from it (pg_basebackup)");
        }

        if (servers.Select(server => server.Version / 10000).Distinct().Count() > 1)
        {
            return ($"they are of different versions: {string.Join(", ", servers.Select(server => $"{server.Name} is {server.Version / 10000}"))}", "name servers of one version");
        }

        var leaders = servers.Where(server => !server.IsStandby).Select(server => server.Name).ToArray();
        return leaders.Length switch
        {
            1 => null,
            0 => ("none of them serves as primary", "name the primary, too: select pg_is_in_recovery() says f there"),
            _ => ($"{string.Join(" and ", leaders)} both serve as primary", "name one of them; the other was promoted or copied and is a cluster of its own"),
        };
    }
}
