using System.Text.Json;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit;
using Npgsql;

namespace DrMesh.Scenarios.Backups;

/// <summary>A whole application backed up at one consistency point, by the programs alone.</summary>
public sealed class UnifiedBackupTests(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_OfAnApplication_BothModesAreListedAndShownWithTheirPoint()
    {
        await using var shop = await Shop.StartAsync();
        await shop.Server.ExecuteAsync("create table orders as select i, md5(i::text) from generate_series(1, 10000) i");
        await File.WriteAllTextAsync(Path.Combine(shop.Tree, "first"), "written before", Cancel);
        await shop.ApplyAsync("marker");

        output.WriteLine(await shop.RunAsync("backup", "create", "--app", "shop", "--label", "release=42"));
        shop.HookLog.ShouldBeEmpty("a marker holds nobody");
        await shop.ApplyAsync("fence");
        output.WriteLine(await shop.RunAsync("backup", "create", "--app", "shop"));

        var told = shop.HookLog.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        told.Select(call => call.GetProperty("event").GetString()).ShouldBe(["quiesce", "capture", "resume", "resume"]);
        told[0].GetProperty("deadManSeconds").GetDouble().ShouldBe(30);
        var all = JsonDocument.Parse(await shop.RunAsync("backup", "list", "--app", "shop", "--output", "json")).RootElement.EnumerateArray().ToArray();
        all.Length.ShouldBe(2);
        var labelled = JsonDocument.Parse(await shop.RunAsync("backup", "list", "--app", "shop", "--label", "release=42", "--output", "json")).RootElement;
        labelled.GetArrayLength().ShouldBe(1);
        labelled[0].GetProperty("mode").GetString().ShouldBe("marker");
        var shown = await shop.RunAsync("backup", "show", "--app", "shop", all[0].GetProperty("id").GetString()!);
        output.WriteLine(shown);
        shown.ShouldContain("writes held");
        shown.ShouldContain("lsn: ");
        shown.ShouldContain("treeChecksum: ");
        (await shop.Server.ScalarAsync<long>("select count(*) from drmesh.consistency_point")).ShouldBe(2);
        await RebuildAsync(shop);
        await RestoreAsync(shop);
    }

    private static async Task RebuildAsync(Shop shop)
    {
        var before = await shop.RunAsync("backup", "list", "--app", "shop", "--output", "json");
        await using (var store = new NpgsqlConnection(shop.Mesh.StoreConnectionString))
        {
            await store.OpenAsync(Cancel);
            await using var drop = new NpgsqlCommand("delete from drmesh.backup", store);
            (await drop.ExecuteNonQueryAsync(Cancel)).ShouldBe(6, "two manifests with two parts each");
        }

        (await shop.RunAsync("backup", "list", "--app", "shop")).ShouldContain("drmesh catalogue rebuild");
        (await shop.RunAsync("catalogue", "rebuild")).ShouldContain("6 backups in 1 repositories; 6 rows were missing, 0 are gone");
        (await shop.RunAsync("backup", "list", "--app", "shop", "--output", "json")).ShouldBe(before);
        (await shop.RunAsync("audit", "list")).ShouldContain("catalogue.rebuild");
    }

    private async Task RestoreAsync(Shop shop)
    {
        var (data, tree, port) = (Path.Combine(shop.Place, "restored", "data"), Path.Combine(shop.Place, "restored", "tree"), LoopbackPort.Next());
        var restored = new PostgresInstance(shop.Server.Instance.Install, data);
        Directory.CreateDirectory(Path.Combine(shop.Place, "restored"));
        try
        {
            output.WriteLine(await shop.RunAsync(
                "restore", "--app", "shop", "--part", $"orders=east/node-1:{data}:{port}", "--part", $"uploads=east/node-1:{tree}", "--with-state"));
            (await File.ReadAllTextAsync(Path.Combine(tree, "first"), Cancel)).ShouldBe("written before");
            var last = shop.HookLog.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
            JsonDocument.Parse(last).RootElement.GetProperty("state").GetString().ShouldBe("{\"generation\":7}\n");
        }
        finally
        {
            await restored.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }
}
