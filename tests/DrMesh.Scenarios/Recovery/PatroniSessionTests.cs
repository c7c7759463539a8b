using System.Globalization;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;

namespace DrMesh.Scenarios.Recovery;

/// <summary>Three real servers, each beside a real Patroni with an encrypted API, that the mesh fails over, switches over and brings home by the console alone.</summary>
public sealed class PatroniSessionTests
{
    private static readonly string[] Regions = ["a", "b", "c"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S1_PrimaryKilled_ThenSwitchoverAndFailback_OnePrimaryByEveryWordAndNoRowIsLost()
    {
        await using var primary = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["wal_keep_size"] = "256MB", ["wal_log_hints"] = "on" });
        await using var second = await PostgresServer.StartStandbyAsync(primary, "orders-b");
        await using var third = await PostgresServer.StartStandbyAsync(primary, "orders-c");
        PostgresServer[] servers = [primary, second, third];
        await using var patronis = await PatroniSet.StartAsync(servers, areEncrypted: true);
        await using var mesh = await MeshFixture.StartNewAsync(string.Join(',', Regions));
        using var place = await TestDirectory.CreateAsync();
        var estate = Path.Combine(place.Path, "estate.yaml");
        await File.WriteAllTextAsync(estate, await EstateAsync(place, servers, patronis), Cancel);
        await mesh.DrMeshAsync("estate", "apply", estate, "--yes");
        await LeadsAsync(mesh, patronis, servers, 0);
        await primary.ExecuteAsync("create table rows as select i from generate_series(1, 1000) i");

        await primary.KillAsync();
        await MoveAsync(mesh, "failover", "shop", "--to", "b", "--yes", "--reason", "its server is dead");

        await LeadsAsync(mesh, patronis, servers, 1);
        (await second.ScalarAsync<long>("with more as (insert into rows select i from generate_series(1001, 2000) i returning 1) select (select count(*) from more) + count(*) from rows")).ShouldBe(2000);

        await MoveAsync(mesh, "switchover", "shop", "--to", "c", "--yes", "--reason", "planned");

        await LeadsAsync(mesh, patronis, servers, 2);
        (await third.ScalarAsync<long>("with more as (insert into rows select i from generate_series(2001, 3000) i returning 1) select (select count(*) from more) + count(*) from rows")).ShouldBe(3000);

        await MoveAsync(mesh, "failback", "shop", "--yes", "--reason", "home again");

        await LeadsAsync(mesh, patronis, servers, 0);
        (await primary.ScalarAsync<long>("select count(*) from rows")).ShouldBe(3000);
        (await primary.ScalarAsync<long>("select epoch from drmesh.epoch")).ShouldBeGreaterThanOrEqualTo(4, "three sessions, and what changed whom commits wait for");
    }

    // A session that asked a person would wait.
    private static Task<string> MoveAsync(MeshFixture mesh, params string[] arguments) => mesh.DrMeshAsync(arguments).WaitAsync(Patience, Cancel);

    // By the mesh without a finding, with both standbys acknowledging, by the servers, and by what each Patroni tells a load balancer.
    private static async Task LeadsAsync(MeshFixture mesh, PatroniSet patronis, PostgresServer[] servers, int leader)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () => (last = (await mesh.RunAsync(Programs.Console, "cluster", "show", "orders", "--output", "json")).Output).Contains("\"findings\": []", StringComparison.Ordinal)
                && last.Split("\"isAcknowledging\": true").Length == servers.Length
                && last.Contains($"\"primary\": \"orders-{Regions[leader]}\"", StringComparison.Ordinal),
            Patience, () => $"orders-{Regions[leader]} does not lead without a finding: {last}", Cancel);
        for (var number = 0; number < servers.Length; number++)
        {
            (await servers[number].ScalarAsync<bool>("select pg_is_in_recovery()")).ShouldBe(number != leader);
            await patronis.Patronis[number].UntilAsync("primary", answer => answer.StartsWith(number == leader ? "200" : "503", StringComparison.Ordinal));
        }
    }

    private static async Task<string> EstateAsync(TestDirectory place, PostgresServer[] servers, PatroniSet patronis)
    {
        // All have one user and one list of authorities: a cluster names one of each.
        var authorities = Path.Combine(place.Path, "authorities.pem");
        await File.WriteAllTextAsync(authorities, string.Join('\n', patronis.Patronis.Select(patroni => File.ReadAllText(patroni.Authority!))), Cancel);
        var user = patronis.Patronis[0].Credentials;
        var members = servers.Select((server, number) => string.Create(
            CultureInfo.InvariantCulture,
            $"      orders-{Regions[number]}: {{ node: {Regions[number]}/node-1, port: {server.Port}, dataDirectory: {server.DataDirectory}, patroniUrl: \"{patronis.Patronis[number].Url}\" }}"));
        return $$"""
            regions:
            {{string.Join('\n', Regions.Select(region => $"  {region}: {{ nodes: {{ node-1: {{ address: 127.0.0.1, host: patroni }} }} }}"))}}
            policies:
              standard:
                failover: { strategy: hot_standby }
            clusters:
              orders:
                engine: postgresql
                policy: standard
                primaryRegion: a
                durability: { mode: quorum, acknowledgements: 1 }
                tls: disable
                tlsAuthorityFile: {{authorities}}
                patroniUser: { name: {{user.Name}}, passwordFile: {{user.PasswordFile}} }
                controlUser: { name: postgres }
                replicationUser: { name: postgres }
                members:
            {{string.Join('\n', members)}}
            applications:
              shop: { policy: standard, clusters: [orders] }

            """;
    }
}
