using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Load;
using DrMesh.Scenarios.Restores;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;
using Npgsql;

namespace DrMesh.Scenarios.Recovery;

/// <summary>
/// A region is lost with its primaries, and nobody in the other follows them: of one cluster it has a machine and the repository only, of the other a copy that the mesh keeps near. Real servers,
/// a real archive, a real name server, by the programs alone.
/// </summary>
[Collection(nameof(Alone))]
public sealed class RestoredSiteTests(ITestOutputHelper output)
{
    private const string Name = "db.example.test";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S1_RegionLostWithoutAStandby_SitesComeUpFromTheRepository_AndAskBeforeTheyLead()
    {
        await using var mesh = await MeshFixture.StartNewAsync("a,b");
        await using var primary = await PostgresServer.StartNewAsync();
        await using var kept = await PostgresServer.StartNewAsync();
        await using var names = await PowerDnsServer.StartNewAsync("example.test");
        using var place = await TestDirectory.CreateAsync(primary.Instance.Install.User);
        var site = new PostgresInstance(primary.Instance.Install, Path.Combine(place.Path, "dark"));
        var copy = new PostgresInstance(primary.Instance.Install, Path.Combine(place.Path, "warm"));
        var (port, copyPort) = (LoopbackPort.Next(), LoopbackPort.Next());
        var lookup = new NameLookup(names.EndPoint, Name);
        await mesh.DrMeshAsync("repo", "keygen", Path.Combine(place.Path, "key"));
        await File.WriteAllTextAsync(Path.Combine(place.Path, "api"), PowerDnsServer.ApiKey, Cancel);
        var estate = Path.Combine(place.Path, "estate.yaml");
        var declared = Estate(place.Path, (primary, site, port), (kept, copy, copyPort), names);

        try
        {
            await File.WriteAllTextAsync(estate, declared.Replace("strategy: warm_standby", "strategy: pilot_light", StringComparison.Ordinal), Cancel);
            await mesh.DrMeshAsync("estate", "apply", estate, "--yes");
            await kept.ExecuteAsync("create table served(at bigint); create table rows as select i from generate_series(1, 1000) i");
            await AwaitHealthyAsync(mesh, "carts");
            await mesh.DrMeshAsync("backup", "create", "carts");

            // From here on the mesh is to fill the copy, and to bring it further when its time comes again.
            await File.WriteAllTextAsync(estate, declared, Cancel);
            await mesh.DrMeshAsync("estate", "apply", estate, "--yes");
            await AwaitRowsAsync(copyPort, 1000);
            await kept.ExecuteAsync("insert into rows select i from generate_series(1001, 5000) i");
            await mesh.AwaitArchivedAsync(kept, "carts");

            await mesh.DrMeshAsync("traffic", "switch", "db", "--to", "a", "--yes", "--reason", "the first answer");
            await AwaitHealthyAsync(mesh, "orders");
            await primary.ExecuteAsync("create table served(at bigint); create table rows as select i from generate_series(1, 1000) i");
            await mesh.DrMeshAsync("backup", "create", "orders");
            await primary.ExecuteAsync("insert into rows select i from generate_series(1001, 5000) i");
            await mesh.AwaitArchivedAsync(primary);
            await AwaitRowsAsync(copyPort, 5000);
            (await IsInRecoveryAsync(copyPort)).ShouldBeTrue();
            File.Exists(Path.Combine(site.DataDirectory, "PG_VERSION")).ShouldBeFalse("the other site is to stay dark");
            await kept.ExecuteAsync("insert into rows select i from generate_series(5001, 6000) i");
            await mesh.AwaitArchivedAsync(kept, "carts");

            mesh.Silo("a").Kill();
            await primary.KillAsync();
            await kept.KillAsync();

            (await PlanAsync(mesh, "carts")).ShouldContain("carts-b comes up from its own copy");
            var warm = await FailOverAsync(mesh, "carts", "carts", copyPort, () => Task.CompletedTask);
            (await ScalarAsync<long>(copyPort, "select count(*) from rows")).ShouldBe(6000, "what was archived after the mesh had looked last is replayed by the session");
            (await AskAsync(mesh, "cluster", "show", "carts")).ShouldContain("primary carts-b in b");

            var plan = await PlanAsync(mesh, "shop");
            plan.ShouldContain("orders-b comes up from backup");
            plan.ShouldContain("Restoring: RestoreSite");
            var pilot = await FailOverAsync(
                mesh, "shop", "orders", port, async () => (await lookup.AskAsync(Cancel)).ShouldBe("127.0.0.1", "nothing moves before somebody says that the old primary is off"));
            (await lookup.AskAsync(Cancel)).ShouldBe("127.0.0.2");
            (await ScalarAsync<long>(port, "select count(*) from rows")).ShouldBe(5000);
            (await ScalarAsync<long>(port, "select epoch from drmesh.epoch")).ShouldBe(2);
            (await AskAsync(mesh, "cluster", "show", "orders")).ShouldContain("primary orders-b in b");
            output.WriteLine($"from the order to the first write, with the answer to the question: warm_standby {warm.TotalSeconds:0.0} s, pilot_light {pilot.TotalSeconds:0.0} s");
        }
        finally
        {
            await site.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
            await copy.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }

    private async Task<string> PlanAsync(MeshFixture mesh, string what)
    {
        var plan = await AskAsync(mesh, "failover", what, "--to", "b", "--plan");
        output.WriteLine(plan);
        return plan;
    }

    // Half of the silos that the console knows of are gone: where the machine is so busy that none answers in time, it is asked again. Each of these commands may be repeated.
    private static async Task<string> AskAsync(MeshFixture mesh, params string[] arguments)
    {
        ToolResult? run = null;
        await Eventually.HoldsAsync(
            async () => (run = await mesh.RunAsync(Programs.Console, arguments)).ExitCode != ExitCodes.Unreachable, TimeSpan.FromSeconds(60), () => run?.Error ?? "it does not end", Cancel);
        return run!.Output + run.Error;
    }

    // Orders it, agrees when it asks, follows it to its end; returns how long it took until the site took a write.
    private async Task<TimeSpan> FailOverAsync(MeshFixture mesh, string what, string cluster, int port, Func<Task> whileItAsks)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var id = (await mesh.DrMeshAsync("failover", what, "--to", "b", "--yes", "--reason", "a is lost", "--detach")).Trim();
        output.WriteLine(await AwaitQuestionAsync(mesh, id, cluster));
        await whileItAsks();
        (await IsInRecoveryAsync(port)).ShouldBeTrue();
        await AskAsync(mesh, "sessions", "approve", id, "--yes");
        var problem = "";
        await Eventually.HoldsAsync(async () => (problem = await TryWriteAsync(port)).Length == 0, TimeSpan.FromSeconds(60), () => problem, Cancel);
        var took = TimeProvider.System.GetElapsedTime(begun);
        var end = await AskAsync(mesh, "sessions", "watch", id);
        output.WriteLine(end);
        end.ShouldContain("Degraded: the new primary serves");
        end.ShouldContain($"without FenceOldPrimary {cluster}");
        (await AskAsync(mesh, "sessions", "explain", id)).ShouldContain("the other site comes up from the repository");
        return took;
    }

    private static async Task<string> TryWriteAsync(int port)
    {
        try
        {
            await ScalarAsync<long>(port, "insert into served values (1) returning at");
            return "";
        }
        catch (NpgsqlException refused)
        {
            return refused.Message;
        }
    }

    private static async Task AwaitRowsAsync(int port, long rows)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    var found = await ScalarAsync<long>(port, "select count(*) from rows");
                    last = $"the copy has {found} of {rows} rows";
                    return found == rows;
                }
                catch (NpgsqlException refused)
                {
                    last = refused.Message;
                    return false;
                }
            },
            TimeSpan.FromSeconds(90), () => last, Cancel);
    }

    private static async Task AwaitHealthyAsync(MeshFixture mesh, string cluster)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () => (last = (await mesh.RunAsync(Programs.Console, "cluster", "show", cluster, "--output", "json")).Output).Contains("\"findings\": []", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60), () => last, Cancel);
    }

    // The question the session waits with; it names what is not known and what may be lost.
    private static async Task<string> AwaitQuestionAsync(MeshFixture mesh, string id, string cluster)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var asked = await mesh.RunAsync(Programs.Console, "sessions", "approve", id);
                last = asked.Error;
                return asked.ExitCode == ExitCodes.NeedsApproval;
            },
            TimeSpan.FromSeconds(120), () => last, Cancel);
        last.ShouldContain($"{cluster}-a of {cluster} is not known to be stopped");
        last.ShouldContain("bytes of acknowledged WAL");
        last.ShouldContain($"{cluster}-a was last seen at", customMessage: "the figure says what it rests on");
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

    private static string Estate(
        string place, (PostgresServer Primary, PostgresInstance Site, int Port) orders, (PostgresServer Primary, PostgresInstance Site, int Port) carts, PowerDnsServer names) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        regions:
          a: { nodes: { node-1: { address: 127.0.0.1 } } }
          b: { nodes: { node-1: { address: 127.0.0.2 } } }
        policies:
          standard:
            failover: { strategy: pilot_light }
            backup: { repositories: [vault] }
          near:
            failover: { strategy: warm_standby }
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
              orders-a: { node: a/node-1, port: {{orders.Primary.Port}}, dataDirectory: {{orders.Primary.DataDirectory}} }
              orders-b: { node: b/node-1, port: {{orders.Port}}, dataDirectory: {{orders.Site.DataDirectory}} }
          carts:
            engine: postgresql
            policy: near
            primaryRegion: a
            durability: { mode: async }
            tls: disable
            controlUser: { name: postgres }
            replicationUser: { name: postgres }
            members:
              carts-a: { node: a/node-1, port: {{carts.Primary.Port}}, dataDirectory: {{carts.Primary.DataDirectory}} }
              carts-b: { node: b/node-1, port: {{carts.Port}}, dataDirectory: {{carts.Site.DataDirectory}} }
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
