using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.Engines.Repository.Keys;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;
using Npgsql;

namespace DrMesh.Benchmarks.Postgres;

/// <summary>What the rounds share.</summary>
internal static class Bench
{
    /// <summary>
    /// A server with data: pgbench at <paramref name="scale"/>, its pages filled to 90 % so that an update stays on its page, and a ninth as much that does not compress. fsync is off as for all
    /// in a test's server; the repositories and restored files are synced by each program as it does by itself.
    /// </summary>
    public static async Task<PostgresServer> StartServerAsync(int scale, IReadOnlyDictionary<string, string> settings)
    {
        var all = new Dictionary<string, string>
        {
            ["shared_buffers"] = "256MB", ["max_wal_size"] = "4GB", ["autovacuum"] = "off", ["checkpoint_timeout"] = "1h",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var server = await PostgresServer.StartNewAsync(all);
        await PostgresServers.RunProgramAsync(
            "pgbench", "-h", "127.0.0.1", "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-i", "-q", "-F", "90", "-s",
            scale.ToString(CultureInfo.InvariantCulture), "postgres");
        await ExecuteAsync(
            server,
            $"create table noise as select decode(string_agg(md5(random()::text), ''), 'hex') from generate_series(1, {scale * 2000L * 60}) i group by i / 60");
        await ExecuteAsync(server, "vacuum; checkpoint");
        return server;
    }

    /// <summary>Runs a statement however long it takes.</summary>
    public static async Task ExecuteAsync(PostgresServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A repository's directory with its key; the first open creates it.</summary>
    public static async Task<(TestDirectory Directory, Step Step)> CreateRepositoryAsync()
    {
        var directory = await TestDirectory.CreateAsync();
        var key = Path.Combine(directory.Path, "key");
        KeyFile.Create(key);
        var step = new Step { Verb = "", Url = $"file://{directory.Path}/store", Key = $"file://{key}" };
        await using var repository = await step.OpenAsync(create: true);
        return (directory, step);
    }

    /// <summary>Bytes of a directory's files.</summary>
    public static long BytesOf(string directory) => new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>An empty directory the server's user may use.</summary>
    public static Task<TestDirectory> EmptyAsync() => TestDirectory.CreateAsync(PostgresInstall.Find().User);

    /// <summary>Removes a directory of another user.</summary>
    public static async Task RemoveAsync(string directory) =>
        (await ToolProcess.RunAsync(new ToolCommand { Program = "rm", Arguments = ["-rf", directory] })).EnsureSuccess("see rm");

    /// <summary>Makes an empty data directory.</summary>
    public static async Task MakeDataDirectoryAsync(string directory) =>
        (await ToolProcess.RunAsync(new ToolCommand { Program = "mkdir", Arguments = ["-m", "700", directory], RunAs = PostgresInstall.Find().User, WorkingDirectory = "/" }))
            .EnsureSuccess("see mkdir");

    /// <summary>Two columns of a table from paired runs.</summary>
    public static IEnumerable<Frame.Measurement> Pair(string name, IReadOnlyCollection<MeasuredRun> ours, IReadOnlyCollection<MeasuredRun> peers) =>
    [
        Frame.Measurement.Median($"{name}, time", "s", [.. ours.Select(run => run.Seconds)], [.. peers.Select(run => run.Seconds)]),
        Frame.Measurement.Median($"{name}, processor", "s", [.. ours.Select(run => run.CpuSeconds)], [.. peers.Select(run => run.CpuSeconds)]),
        Frame.Measurement.Median($"{name}, peak memory", "MB", [.. ours.Select(run => run.PeakMegabytes)], [.. peers.Select(run => run.PeakMegabytes)]),
    ];
}
