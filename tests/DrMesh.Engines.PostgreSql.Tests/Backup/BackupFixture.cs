using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Engines.PostgreSql.Backup;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Backup;

/// <summary>What the tests of backup and restore do again and again.</summary>
internal static class BackupFixture
{
    public const string Cluster = "orders";

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<BackupCommit> BackUpAsync(PostgresServer server, FakeRepository repository, string id, bool isFull = false) =>
        new PostgresBackup(server.ConnectionString, TimeProvider.System).RunAsync(
            new PostgresBackupRequest { Id = new BackupId(id), Cluster = Cluster, IsFull = isFull }, repository, null, Token);

    /// <summary>Restores into a new directory and recovers; the returned server is running unless <paramref name="target"/> says otherwise.</summary>
    public static async Task<RestoredServer> RestoreAsync(
        FakeRepository repository, string id, RecoveryTarget? target = null, IReadOnlyDictionary<string, string>? tablespaces = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var install = PostgresInstall.Find();
        var directory = await TestDirectory.CreateAsync(install.User);
        var request = new PostgresRestoreRequest
        {
            Backup = new BackupId(id),
            TargetDirectory = Path.Combine(directory.Path, "data"),
            Target = target ?? RecoveryTarget.Latest,
            Port = LoopbackPort.Next(),
            TablespaceMap = tablespaces ?? new Dictionary<string, string>(),
            Settings = new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["unix_socket_directories"] = directory.Path },
        };
        Directory.CreateDirectory(request.TargetDirectory);
        var restore = new PostgresRestore(install, "Host=127.0.0.1;Username=postgres;Database=postgres", TimeProvider.System);
        await restore.RestoreFilesAsync(request, repository, null, Token);
        var server = await PostgresServer.AdoptAsync(directory, request.TargetDirectory);
        try
        {
            var own = request with { Port = server.Port };
            return new RestoredServer(server, await restore.RecoverAsync(own, repository, null, Token), own, restore);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>One line a table: its name, its rows and a checksum over them, whatever their order.</summary>
    public static Task<string?> FingerprintAsync(PostgresServer server) => server.ScalarAsync<string>(
        """
        select string_agg(format('%s %s', t.relname, (xpath('/row/f/text()', query_to_xml(
            format('select count(*) || '' '' || coalesce(sum(hashtextextended(r::text, 0)), 0) as f from %s r', t.oid::regclass), true, true, '')))[1]), E'\n' order by t.relname)
        from pg_class t where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace and t.relpersistence = 'p'
        """);

    /// <summary>pg_amcheck over every table and index, with the heap.</summary>
    public static async Task ShouldBeSoundAsync(PostgresServer server)
    {
        await server.ExecuteAsync("create extension if not exists amcheck");
        await PostgresServers.RunProgramAsync(
            "pg_amcheck", "-h", "127.0.0.1", "-p", server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-U", "postgres", "--heapallindexed", "postgres");
    }
}

/// <summary>A restored server and what it reached.</summary>
internal sealed record RestoredServer(PostgresServer Server, RecoveryReached Reached, PostgresRestoreRequest Request, PostgresRestore Restore) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
