using System.Globalization;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using Npgsql;

namespace DrMesh.TestKit.Servers;

/// <summary>A real PostgreSQL server in a temporary directory, on a loopback port the OS assigned; ended and removed on dispose.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TestDirectory _directory;
    private readonly PostgresInstance _instance;

    private PostgresServer(TestDirectory directory, PostgresInstance instance, int port)
    {
        _directory = directory;
        _instance = instance;
        Port = port;
    }

    /// <summary>The loopback port it listens on.</summary>
    public int Port { get; }

    /// <summary>The server's data directory.</summary>
    public string DataDirectory => _instance.DataDirectory;

    /// <summary>The instance behind the fixture.</summary>
    public PostgresInstance Instance => _instance;

    /// <summary>Connects as the superuser <c>postgres</c> to the database <c>postgres</c>, without a pool so that a killed server leaves nothing stale.</summary>
    public string ConnectionString => ConnectionStringFor("postgres");

    /// <summary>Connects to another database.</summary>
    public string ConnectionStringFor(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = "postgres", Database = database, Pooling = false, Timeout = 5 }.ConnectionString;

    /// <summary>Creates and starts one. fsync is off: a test's machine is not expected to lose power.</summary>
    /// <param name="settings">Settings on top of the fixture's own.</param>
    public static async Task<PostgresServer> StartNewAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var install = PostgresInstall.Find();
        var directory = await TestDirectory.CreateAsync(install.User);
        var port = LoopbackPort.Next();
        var instance = new PostgresInstance(install, Path.Combine(directory.Path, "data"));
        var all = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = directory.Path,
            ["fsync"] = "off",
            ["max_connections"] = "100",
            ["shared_buffers"] = "32MB",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        await instance.InitializeAsync("postgres", password: null, all);
        var server = new PostgresServer(directory, instance, port);
        await server.StartAsync();
        return server;
    }

    /// <summary>Takes over a data directory that is there (restored, or copied), under a port of its own; does not start it. Ends and removes both on dispose.</summary>
    public static async Task<PostgresServer> AdoptAsync(TestDirectory directory, string dataDirectory)
    {
        var port = LoopbackPort.Next();
        var instance = new PostgresInstance(PostgresInstall.Find(), dataDirectory);
        await instance.ConfigureAsync(new Dictionary<string, string>
        {
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = directory.Path,
        });
        return new PostgresServer(directory, instance, port);
    }

    /// <summary>Makes a directory beside the data directory that the server may use, for a tablespace.</summary>
    public async Task<string> MakeDirectoryAsync(string name)
    {
        var path = Path.Combine(_directory.Path, name);
        var made = await ToolProcess.RunAsync(
            new ToolCommand { Program = "mkdir", Arguments = [path], RunAs = _instance.Install.User, WorkingDirectory = "/" });
        made.EnsureSuccess("the fixture's directory belongs to the server's user");
        return path;
    }

    /// <summary>Creates and starts a standby of <paramref name="primary"/>, which must allow replication, by base backup.</summary>
    /// <param name="primary">A running server of this fixture.</param>
    /// <param name="name">Its application name towards the primary.</param>
    public static async Task<PostgresServer> StartStandbyAsync(PostgresServer primary, string name)
    {
        var install = PostgresInstall.Find();
        var directory = await TestDirectory.CreateAsync(install.User);
        var port = LoopbackPort.Next();
        var instance = new PostgresInstance(install, Path.Combine(directory.Path, "data"));
        var copy = new ToolCommand
        {
            Program = install.Program("pg_basebackup"),
            Arguments =
            [
                "-D", instance.DataDirectory, "-h", "127.0.0.1", "-p", primary.Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-X", "stream", "-c", "fast", "--no-sync",
            ],
            RunAs = install.User,
            WorkingDirectory = "/",
        };
        (await ToolProcess.RunAsync(copy)).EnsureSuccess("the primary must allow replication");
        // The server's user must be able to change it, as when pg_basebackup writes it.
        var signal = new ToolCommand { Program = "touch", Arguments = [Path.Combine(instance.DataDirectory, "standby.signal")], RunAs = install.User, WorkingDirectory = "/" };
        (await ToolProcess.RunAsync(signal)).EnsureSuccess("the copy belongs to the server's user");
        await instance.ConfigureAsync(new Dictionary<string, string>
        {
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = directory.Path,
            ["primary_conninfo"] = $"host=127.0.0.1 port={primary.Port} user=postgres application_name={name}",
        });
        var server = new PostgresServer(directory, instance, port);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it again after a stop or a kill.</summary>
    public Task StartAsync() => _instance.StartAsync(Patience);

    /// <summary>Stops it in an orderly way.</summary>
    public Task StopAsync() => _instance.StopAsync(ShutdownMode.Fast, Patience);

    /// <summary>SIGKILL to the postmaster; its children notice and leave. Returns when none of them holds the port any more.</summary>
    public Task KillAsync() => _instance.KillAsync();

    /// <summary>Runs one statement and returns its first column of its first row.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionStringFor(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync();
    }

    /// <summary>Runs a statement without a result.</summary>
    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionStringFor(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _instance.StopAsync(ShutdownMode.Immediate, Patience);
        _directory.Dispose();
    }
}
