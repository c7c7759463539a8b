using System.Globalization;
using System.Text.Json;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Backup;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.Engines.Repository.Hosting;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;

namespace DrMesh.Scenarios.Restores;

/// <summary>Everything burned but a repository and its key: PostgreSQL archives by <c>drmesh wal push</c>, a person restores by <c>drmesh repo</c> and <c>drmesh wal fetch</c>; no silo, no control store.</summary>
public sealed class BareMachineTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_WithoutAMesh_RecoversToTheLastArchivedCommit()
    {
        var user = PostgresInstall.Find().User;
        using var place = await TestDirectory.CreateAsync(user);
        var (repository, key) = ($"file://{place.Path}/repository", $"{place.Path}/key");
        string[] access = ["--repo", repository, "--key-file", key];
        await DrMeshAsync(user, ["repo", "keygen", key]);
        await DrMeshAsync(user, ["repo", "create", .. access]);
        var options = $"--repo {repository} --key-file {key} --cluster orders";
        await using (var server = await PostgresServer.StartNewAsync(new Dictionary<string, string>
        {
            ["archive_mode"] = "on", ["archive_command"] = $"{Programs.Console} wal push %p {options}",
        }))
        {
            await server.ExecuteAsync("create table rows as select i from generate_series(1, 1000) i");
            await BackUpAsync(server, repository, key);
            await server.ExecuteAsync("insert into rows select i from generate_series(1001, 1500) i");
            var last = await server.ScalarAsync<string>("select pg_walfile_name(pg_switch_wal())");
            await Eventually.HoldsAsync(
                async () => await server.ScalarAsync<bool>($"select coalesce(last_archived_wal >= '{last}', false) from pg_stat_archiver"),
                TimeSpan.FromSeconds(60),
                () => $"{last} is not archived",
                Cancel);
            await server.KillAsync();
        }

        using var listed = JsonDocument.Parse(await DrMeshAsync(user, ["repo", "ls", .. access, "--output", "json"]));
        listed.RootElement.EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe("nightly");
        (await DrMeshAsync(user, ["repo", "show", "nightly", .. access])).ShouldContain("orders");
        (await DrMeshAsync(user, ["repo", "verify", .. access])).ShouldContain("whole");
        var directory = await TestDirectory.CreateAsync(user);
        var data = Path.Combine(directory.Path, "data");
        await DrMeshAsync(user, ["repo", "restore", "latest", "--target", data, .. access]);
        await using var restored = await PostgresServer.AdoptAsync(directory, data);
        await restored.Instance.ConfigureAsync(new Dictionary<string, string>
        {
            ["archive_mode"] = "off", ["restore_command"] = $"{Programs.Console} wal fetch %f %p {options}",
        }, Cancel);
        (await ToolProcess.RunAsync(new ToolCommand { Program = "touch", Arguments = [Path.Combine(data, "recovery.signal")], RunAs = user, WorkingDirectory = "/" }, Cancel)).EnsureSuccess("see touch");
        await restored.StartAsync();

        await Eventually.HoldsAsync(
            async () => !await restored.ScalarAsync<bool>("select pg_is_in_recovery()"), TimeSpan.FromSeconds(60), () => "it recovers for ever", Cancel);
        (await restored.ScalarAsync<long>("select count(*) from rows")).ShouldBe(1500);
    }

    [Fact]
    public async Task Verify_RepositoryDamaged_NamesTheObjectAndFails()
    {
        using var place = await TestDirectory.CreateAsync();
        var (repository, key) = ($"file://{place.Path}/repository", $"{place.Path}/key");
        string[] access = ["--repo", repository, "--key-file", key];
        await DrMeshAsync(null, ["repo", "keygen", key]);
        await DrMeshAsync(null, ["repo", "create", .. access]);
        await using (var server = await PostgresServer.StartNewAsync())
        {
            await BackUpAsync(server, repository, key);
        }

        var pack = Directory.EnumerateFiles(Path.Combine(place.Path, "repository", "packs"), "*", SearchOption.AllDirectories).First();
        var bytes = await File.ReadAllBytesAsync(pack, Cancel);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes, Cancel);

        foreach (var depth in new[] { "content", "stored" })
        {
            var run = await RunAsync(null, ["repo", "verify", "--depth", depth, .. access]);
            run.ExitCode.ShouldBe(ExitCodes.Failed, run.Output + run.Error);
            run.Output.ShouldContain(Path.GetRelativePath(Path.Combine(place.Path, "repository"), pack));
        }

        (await RunAsync(null, ["repo", "verify", "--depth", "presence", .. access])).ExitCode.ShouldBe(ExitCodes.Done);
    }

    private static async Task BackUpAsync(PostgresServer server, string repository, string key)
    {
        await using var open = await RepositoryHosting.CreateFactory(TimeProvider.System).OpenAsync(
            new RepositoryDescription { Tiers = [new TierAddress { Name = "hot", Url = repository, Key = "file://" + key }] }, Cancel);
        await new PostgresBackup(server.ConnectionString, TimeProvider.System).RunAsync(
            new PostgresBackupRequest { Id = new BackupId("nightly"), Cluster = "orders" }, open, null, Cancel);
    }

    private static async Task<string> DrMeshAsync(string? user, string[] arguments)
    {
        var run = await RunAsync(user, arguments);
        run.ExitCode.ShouldBe(ExitCodes.Done, string.Create(CultureInfo.InvariantCulture, $"drmesh {string.Join(' ', arguments)}: {run.Error}{run.Output}"));
        return run.Output;
    }

    private static Task<ToolResult> RunAsync(string? user, string[] arguments) =>
        ToolProcess.RunAsync(new ToolCommand { Program = Programs.Console, Arguments = arguments, RunAs = user, WorkingDirectory = "/" }, Cancel);
}
