using System.Diagnostics;
using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;

namespace DrMesh.Scenarios.Restores;

/// <summary>What a person does who dropped a table: a backup, the archive, a plan, the recovery beside the running server; by the programs alone.</summary>
public sealed class DroppedTableTests(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pitr_TableDropped_RowsAreBackBesideTheRunningServer()
    {
        await using var mesh = await MeshFixture.StartNewAsync("east");
        await using var server = await PostgresServer.StartNewAsync();
        using var place = await TestDirectory.CreateAsync();
        await mesh.DrMeshAsync("repo", "keygen", Path.Combine(place.Path, "key"));
        var estate = Path.Combine(place.Path, "estate.yaml");
        await File.WriteAllTextAsync(estate, OneServerEstate.Text(place.Path, server), Cancel);
        await mesh.DrMeshAsync("estate", "apply", estate, "--yes");
        await server.ExecuteAsync("create table rows as select i, md5(i::text) from generate_series(1, 10000) i");

        await mesh.DrMeshAsync("backup", "create", "orders");
        await server.ExecuteAsync("insert into rows select i, 'after the backup' from generate_series(1, 500) i");
        var before = await server.ScalarAsync<DateTime>("select clock_timestamp()");
        await server.ExecuteAsync("drop table rows");
        await mesh.AwaitArchivedAsync(server);
        var to = before.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        var plan = await mesh.DrMeshAsync("pitr", "plan", "orders", "--to", to);
        plan.ShouldContain("ReplayLog");

        var (directory, port) = (Path.Combine(place.Path, "restored"), LoopbackPort.Next());
        var restored = new PostgresInstance(server.Instance.Install, directory);
        var began = Stopwatch.GetTimestamp();
        try
        {
            await mesh.DrMeshAsync("pitr", "run", "orders", "--to", to, "--node", "east/node-1", "--directory", directory, "--port", port.ToString(CultureInfo.InvariantCulture), "--yes");
            output.WriteLine($"restored and recovered in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
            (await CountAsync(server, port)).ShouldBe("10500");
        }
        finally
        {
            await restored.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
        }

        (await server.ScalarAsync<bool>("select to_regclass('rows') is null")).ShouldBeTrue("the running server was to stay as it is");
        var late = await mesh.RunAsync(Programs.Console, "pitr", "plan", "orders", "--to", "2001-01-01T00:00:00Z");
        late.ExitCode.ShouldBe(ExitCodes.Failed);
        late.Output.ShouldContain("nearest after");
    }

    private static async Task<string> CountAsync(PostgresServer like, int port) =>
        (await ToolProcess.RunAsync(
            new ToolCommand
            {
                Program = like.Instance.Install.Program("psql"),
                Arguments = ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-Atc", "select count(*) from rows", "postgres"],
            },
            Cancel)).EnsureSuccess("the restored server must answer").Output.Trim();
}
