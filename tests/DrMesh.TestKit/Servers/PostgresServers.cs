using System.Globalization;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>More servers out of one: standbys, and what runs beside them.</summary>
public static class PostgresServers
{
    /// <summary>A streaming standby of <paramref name="primary"/>, started and connected.</summary>
    public static async Task<PostgresServer> StartStandbyAsync(PostgresServer primary)
    {
        var standby = await PostgresServer.StartStandbyAsync(primary, "standby");
        await Eventually.HoldsAsync(
            async () => await standby.ScalarAsync<long>("select count(*) from pg_stat_wal_receiver where status = 'streaming'") == 1,
            TimeSpan.FromSeconds(60),
            () => "the standby does not stream");
        return standby;
    }

    /// <summary>Waits until <paramref name="standby"/> has replayed all that <paramref name="primary"/> has written by now.</summary>
    public static async Task CatchUpAsync(PostgresServer primary, PostgresServer standby)
    {
        var target = await primary.ScalarAsync<string>("select pg_current_wal_lsn()::text");
        await Eventually.HoldsAsync(
            async () => await standby.ScalarAsync<bool>($"select pg_last_wal_replay_lsn() >= '{target}'"),
            TimeSpan.FromSeconds(60),
            () => $"the standby has not replayed {target}");
    }

    /// <summary>Runs one of PostgreSQL's programs as the server's user and returns what it wrote; fails when it fails.</summary>
    public static async Task<string> RunProgramAsync(string program, params string[] arguments)
    {
        var install = PostgresInstall.Find();
        var result = await ToolProcess.RunAsync(
            new ToolCommand { Program = install.Program(program), Arguments = arguments, RunAs = install.User, WorkingDirectory = "/" });
        return result.EnsureSuccess($"{program} {string.Join(' ', arguments)}").Output;
    }

    /// <summary>Fills the database <c>postgres</c> with pgbench's tables; a scale of 1 is about 15 MB.</summary>
    public static Task InitializePgbenchAsync(PostgresServer server, int scale = 1) =>
        RunProgramAsync("pgbench", "-h", "127.0.0.1", "-p", Port(server), "-U", "postgres", "-i", "-q", "-s", scale.ToString(CultureInfo.InvariantCulture), "postgres");

    /// <summary>Two clients of pgbench until cancelled; a connection lost on purpose ends it, too.</summary>
    public static async Task LoadAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        try
        {
            await ToolProcess.RunAsync(
                new ToolCommand
                {
                    Program = PostgresInstall.Find().Program("pgbench"),
                    Arguments = ["-h", "127.0.0.1", "-p", Port(server), "-U", "postgres", "-c", "2", "-T", "600", "-n", "postgres"],
                    WorkingDirectory = "/",
                },
                cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }

    private static string Port(PostgresServer server) => server.Port.ToString(CultureInfo.InvariantCulture);
}
