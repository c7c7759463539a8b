using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Lab.Load;
using DrMesh.Scenarios.Restores;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;
using Npgsql;

namespace DrMesh.Scenarios.Recovery;

/// <summary>A region is lost with its primary, the other has machines and a repository only: real servers, a real archive, a real name server, by the programs alone.</summary>
[Collection(nameof(Alone))]
public sealed class PilotLightTests(ITestOutputHelper output)
{
    private const string Name = "db.example.test";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S1_RegionLostWithoutAStandby_SiteComesUpFromTheRepository_AndAsksBeforeItLeads()
    {
        await using var mesh = await MeshFixture.StartNewAsync("a,b");
        await using var primary = await PostgresServer.StartNewAsync();
        await using var names = await PowerDnsServer.StartNewAsync("example.test");
        using var place = await TestDirectory.CreateAsync(primary.Instance.Install.User);
        var site = new PostgresInstance(primary.Instance.Install, Path.Combine(place.Path, "data"));
        var port = LoopbackPort.Next();
        var lookup = new NameLookup(names.EndPoint, Name);
        await mesh.DrMeshAsync("repo", "keygen", Path.Combine(place.Path, "key"));
        await File.WriteAllTextAsync(Path.Combine(place.Path, "api"), PowerDnsServer.ApiKey, Cancel);
        var estate = Path.Combine(place.Path, "estate.yaml");
        await File.WriteAllTextAsync(estate, Estate(place.Path, primary, site, port, names), Cancel);
        await mesh.DrMeshAsync("estate", "apply", estate, "--yes");
        await mesh.DrMeshAsync("traffic", "switch", "db", "--to", "a", "--yes", "--reason", "the first answer");
        await AwaitHealthyAsync(mesh);
        await primary.ExecuteAsync("create table rows as select i from generate_series(1, 1000) i");
        await mesh.DrMeshAsync("backup", "create", "orders");
        await primary.ExecuteAsync("insert into rows select i from generate_series(1001, 5000) i");
        await mesh.AwaitArchivedAsync(primary);
        File.Exists(Path.Combine(site.DataDirectory, "PG_VERSION")).ShouldBeFalse("the other site is to stay dark");

        try
        {
            mesh.Silo("a").Kill();
            await primary.KillAsync();
            var plan = await mesh.RunAsync(Programs.Console, "failover", "shop", "--to", "b", "--plan");
            output.WriteLine(plan.Output + plan.Error);
            plan.ExitCode.ShouldBe(ExitCodes.Done);
            plan.Output.ShouldContain("orders-b comes up from backup");
            plan.Output.ShouldContain("Restoring: RestoreSite");

            var id = (await mesh.DrMeshAsync("failover", "shop", "--to", "b", "--yes", "--reason", "a is lost", "--detach")).Trim();
            output.WriteLine(await AwaitQuestionAsync(mesh, id));
            (await lookup.AskAsync(Cancel)).ShouldBe("127.0.0.1", "nothing moves before somebody says that the old primary is off");
            (await IsInRecoveryAsync(port)).ShouldBeTrue();

            await mesh.DrMeshAsync("sessions", "approve", id, "--yes");
            var end = (await mesh.RunAsync(Programs.Console, "sessions", "watch", id)).Output;
            output.WriteLine(end);
            end.ShouldContain("Degraded: the new primary serves");
            end.ShouldContain("without FenceOldPrimary orders");

            (await lookup.AskAsync(Cancel)).ShouldBe("127.0.0.2");
            (await ScalarAsync<long>(port, "select count(*) from rows")).ShouldBe(5000);
            (await ScalarAsync<long>(port, "select epoch from drmesh.epoch")).ShouldBe(2);
            (await mesh.DrMeshAsync("cluster", "show", "orders")).ShouldContain("primary orders-b in b");
            (await mesh.DrMeshAsync("sessions", "explain", id)).ShouldContain("the other site comes up from the repository");
        }
        finally
        {
            await site.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }

    private static async Task AwaitHealthyAsync(MeshFixture mesh)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () => (last = (await mesh.RunAsync(Programs.Console, "cluster", "show", "orders", "--output", "json")).Output).Contains("\"findings\": []", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60), () => last, Cancel);
    }

    // The question the session waits with; it names what is not known and what may be lost.
    private static async Task<string> AwaitQuestionAsync(MeshFixture mesh, string id)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var asked = await mesh.RunAsync(Programs.Console, "sessions", "approve", id);
                last = asked.Error + (await mesh.RunAsync(Programs.Console, "sessions", "show", id)).Output;
                return asked.ExitCode == ExitCodes.NeedsApproval;
            },
            TimeSpan.FromSeconds(120), () => last, Cancel);
        last.ShouldContain("orders-a of orders is not known to be stopped");
        last.ShouldContain("bytes of acknowledged WAL");
        return last;
    }

    private static Task<bool> IsInRecoveryAsync(int port) => ScalarAsync<bool>(port, "select pg_is_in_recovery()");

    private static async Task<T> ScalarAsync<T>(int port, string sql)
    {
        await using var connection = new NpgsqlConnection(string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.2;Port={port};Username=postgres;Database=postgres;Pooling=false"));
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static string Estate(string place, PostgresServer primary, PostgresInstance site, int port, PowerDnsServer names) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        regions:
          a: { nodes: { node-1: { address: 127.0.0.1 } } }
          b: { nodes: { node-1: { address: 127.0.0.2 } } }
        policies:
          standard:
            failover: { strategy: pilot_light }
            backup: { repositories: [vault] }
        repositories:
          vault:
            tier: warm
            local: { node: b/node-1, directory: {{place}}/repository }
            encryption: { keyFile: {{place}}/key }
        clusters:
          orders:
            engine: postgresql
            policy: standard
            primaryRegion: a
            durability: { mode: async }
            tls: disable
            controlUser: { name: postgres }
            replicationUser: { name: postgres }
            members:
              orders-a: { node: a/node-1, port: {{primary.Port}}, dataDirectory: {{primary.DataDirectory}} }
              orders-b: { node: b/node-1, port: {{port}}, dataDirectory: {{site.DataDirectory}} }
        dnsProviders:
          own:
            powerdns: { url: "{{names.ApiUrl.OriginalString}}", apiKeyFile: {{place}}/api }
            authoritativeServers: ["{{names.EndPoint}}"]
        services:
          db:
            cluster: orders
            provider: own
            zone: example.test
            names: [{{Name}}]
            ttl: 1s
            answers:
              a: { values: [127.0.0.1] }
              b: { values: [127.0.0.2] }
        applications:
          shop: { policy: standard, clusters: [orders], services: [db] }

        """);
}
