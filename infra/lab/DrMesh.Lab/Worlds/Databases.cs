using System.Globalization;
using System.Security.Cryptography;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;
using Npgsql;

namespace DrMesh.Lab.Worlds;

/// <summary>
/// The cluster <c>orders</c>: a primary in the first region and a streaming standby in each other. A commit is acknowledged when one standby has it. Passwords everywhere:
/// other users of the machine reach loopback, too.
/// </summary>
internal sealed class Databases(IReadOnlyList<WorldRegion> regions, IWorldGround ground, string secrets)
{
    /// <summary>The application's database.</summary>
    public const string Database = "shop";

    /// <summary>The role DrMesh looks, promotes and backs up with.</summary>
    public const string ControlRole = "drmesh";

    /// <summary>The role standbys and the archive replicate with.</summary>
    public const string ReplicationRole = "replicator";

    /// <summary>The application's role.</summary>
    public const string ApplicationRole = "shop";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The port each listens on, on its region's address.</summary>
    public int Port => ground.Network.DatabasePort;

    /// <summary>The file with a role's password, and nothing else.</summary>
    public string PasswordFile(string role) => Path.Combine(secrets, role);

    /// <summary>How a role connects to a region's database.</summary>
    public string ConnectionString(WorldRegion region, string role, string database = Database) => ConnectionString(region.Address, Port, role, database);

    /// <summary>How a role connects to any server with the cluster's passwords, such as a restored one.</summary>
    public string ConnectionString(string address, int serverPort, string role, string database = Database) => new NpgsqlConnectionStringBuilder
    {
        Host = address, Port = serverPort, Database = database, Username = role, Password = File.ReadAllText(PasswordFile(role)), Pooling = false, Timeout = 2, CommandTimeout = 10,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Makes them and starts them; returns when both standbys acknowledge.</summary>
    public async Task StartAsync(ServerUser user, CancellationToken cancellationToken)
    {
        foreach (var role in new[] { ControlRole, ReplicationRole, ApplicationRole })
        {
            await ServerUser.WritePrivateAsync(PasswordFile(role), RandomNumberGenerator.GetHexString(32, lowercase: true), cancellationToken);
        }

        foreach (var region in regions)
        {
            await user.MakeFolderAsync(region.Folder, cancellationToken);
            await user.WriteAsync(PassFile(region), $"*:*:*:{ReplicationRole}:{await File.ReadAllTextAsync(PasswordFile(ReplicationRole), cancellationToken)}\n", cancellationToken);
        }

        var primary = regions[0];
        await primary.Instance.InitializeAsync("postgres", RandomNumberGenerator.GetHexString(64), Settings(primary), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(primary.Instance.DataDirectory, "pg_hba.conf"), Access, cancellationToken);
        await ground.StartDatabaseAsync(primary, Patience, cancellationToken);
        await CreateRolesAsync(primary, cancellationToken);
        var standbys = regions.Skip(1).ToArray();
        await Task.WhenAll(standbys.Select(standby => StartStandbyAsync(standby, primary, cancellationToken)));
        var names = string.Join(", ", standbys.Select(standby => $"\"{standby.Member}\"").Order(StringComparer.Ordinal));
        await ExecuteAsync(primary, $"alter system set synchronous_standby_names = 'ANY 1 ({names})'", cancellationToken);
        await ExecuteAsync(primary, "select pg_reload_conf()", cancellationToken);
        await UntilBothAcknowledgeAsync(primary, standbys.Length, cancellationToken);
    }

    private string Access => $"""
        # The socket is in a folder only the server's user can enter.
        local all all trust
        host all all {ground.Network.Clients} scram-sha-256
        host replication all {ground.Network.Clients} scram-sha-256

        """;

    private static string PassFile(WorldRegion region) => Path.Combine(region.Folder, "pgpass");

    private Dictionary<string, string> Settings(WorldRegion region) => new()
    {
        ["listen_addresses"] = region.Address,
        ["port"] = Port.ToString(CultureInfo.InvariantCulture),
        ["unix_socket_directories"] = region.Folder,
        ["max_connections"] = "100",
        ["shared_buffers"] = "64MB",
        // Files in the data directory instead of /dev/shm, where a killed server would leave them.
        ["dynamic_shared_memory_type"] = "mmap",
        ["wal_log_hints"] = "on",
        ["wal_keep_size"] = "1GB",
        ["max_wal_senders"] = "20",
        // A standby that lost its primary asks for the next one soon.
        ["wal_retrieve_retry_interval"] = "250ms",
        ["wal_receiver_timeout"] = "5s",
        ["wal_sender_timeout"] = "5s",
        ["log_line_prefix"] = "%m [%p] %u@%d ",
    };

    private async Task CreateRolesAsync(WorldRegion primary, CancellationToken cancellationToken)
    {
        string[] statements =
        [
            $"create role {ControlRole} superuser login password '{Password(ControlRole)}'",
            $"create role {ReplicationRole} replication login in role pg_checkpoint password '{Password(ReplicationRole)}'",
            $"create role {ApplicationRole} login password '{Password(ApplicationRole)}'",
            // What pg_rewind calls on its source; see its manual page, "Notes".
            $"grant execute on function pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text), pg_read_binary_file(text, bigint, bigint, boolean) to {ReplicationRole}",
            $"create database {Database} owner {ApplicationRole}",
        ];
        foreach (var statement in statements)
        {
            await ExecuteAsync(primary, statement, cancellationToken);
        }
    }

    private async Task StartStandbyAsync(WorldRegion standby, WorldRegion primary, CancellationToken cancellationToken)
    {
        var instance = standby.Instance;
        var upstream = $"host={primary.Address} port={Port} user={ReplicationRole} passfile={PassFile(standby)} application_name={standby.Member}";
        var copy = new ToolCommand
        {
            Program = instance.Install.Program("pg_basebackup"),
            Arguments = ["-D", instance.DataDirectory, "-d", upstream, "--no-password", "-X", "stream", "-c", "fast"],
            RunAs = instance.Install.User,
            WorkingDirectory = "/",
        };
        (await ToolProcess.RunAsync(copy, cancellationToken)).EnsureSuccess($"see {primary.Instance.DataDirectory}.log");
        await File.WriteAllTextAsync(Path.Combine(instance.DataDirectory, "standby.signal"), "", cancellationToken);
        await instance.ConfigureAsync(new Dictionary<string, string>(Settings(standby)) { ["primary_conninfo"] = upstream }, cancellationToken);
        await ground.StartDatabaseAsync(standby, Patience, cancellationToken);
    }

    private async Task UntilBothAcknowledgeAsync(WorldRegion primary, int standbys, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(SocketTo(primary));
        await connection.OpenAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("select count(*) from pg_stat_replication where state = 'streaming' and sync_state = 'quorum'", connection);
        while ((long)(await ask.ExecuteScalarAsync(cancellationToken))! < standbys)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    private async Task ExecuteAsync(WorldRegion region, string statement, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(SocketTo(region));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private string SocketTo(WorldRegion region) =>
        new NpgsqlConnectionStringBuilder { Host = region.Folder, Port = Port, Username = "postgres", Database = "postgres", Pooling = false }.ConnectionString;

    private string Password(string role) => File.ReadAllText(PasswordFile(role));
}
