using System.Globalization;
using System.Text.RegularExpressions;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.Engines.Processes;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>A stopped server's data directory: what it will be when it starts. Files are made by the server's user, who must be able to change them.</summary>
internal sealed partial class ServerDirectory(NodeAgentOptions options)
{
    private const string Upstream = "primary_conninfo";
    private readonly PostgresInstance _instance = options.Instance;

    /// <summary>libpq's password file for this server's connections to others, beside the data directory, readable by the server's user alone; null: none is needed.</summary>
    public string? PassFile => options.PasswordFile is null ? null : Path.TrimEndingDirectorySeparator(_instance.DataDirectory) + ".drmesh-pgpass";

    private string Signal => SignalOf(_instance);

    /// <summary>The line of a configuration file that says whom a server follows, the last one, which counts; null: none does.</summary>
    public static string? ReadUpstream(PostgresInstance instance, string file = SettingsFile.Name)
    {
        var path = Path.Combine(instance.DataDirectory, file);
        return File.Exists(path) ? File.ReadLines(path).LastOrDefault(line => line.TrimStart().StartsWith(Upstream, StringComparison.Ordinal)) : null;
    }

    /// <summary>Writes such a line to <c>postgresql.auto.conf</c>.</summary>
    public static Task SetUpstreamAsync(PostgresInstance instance, string line, CancellationToken cancellationToken) =>
        File.AppendAllLinesAsync(Path.Combine(instance.DataDirectory, SettingsFile.Name), [line], cancellationToken);

    /// <summary>At its next start it follows, or waits for someone to follow, and acknowledges nothing.</summary>
    public Task MakeStandbyAsync(CancellationToken cancellationToken) => MakeStandbyAsync(_instance, cancellationToken);

    /// <summary>At its next start a server follows, or waits for someone to follow.</summary>
    public static async Task MakeStandbyAsync(PostgresInstance instance, CancellationToken cancellationToken)
    {
        var touch = new ToolCommand { Program = "touch", Arguments = ["--", SignalOf(instance)], RunAs = instance.Install.User, WorkingDirectory = "/" };
        (await ToolProcess.RunAsync(touch, cancellationToken)).EnsureSuccess("the data directory must belong to the server's user");
    }

    /// <summary>Whether a server is, or at its next start would be, a standby. A promotion ends it.</summary>
    public static bool IsMadeStandby(PostgresInstance instance) => File.Exists(SignalOf(instance));

    /// <summary>Whether the directory is a copy of another server's, or was rewound to it, and has not run since. Its first start takes the label away.</summary>
    public bool HasNotRun => File.Exists(Path.Combine(_instance.DataDirectory, "backup_label"));

    /// <summary>At its next start it is a primary.</summary>
    public void MakePrimary() => File.Delete(Signal);

    private static string SignalOf(PostgresInstance instance) => Path.Combine(instance.DataDirectory, "standby.signal");

    /// <summary>Whom it follows at its next start.</summary>
    public Task FollowAsync(UpstreamServer upstream, CancellationToken cancellationToken) =>
        SetUpstreamAsync(_instance, $"{Upstream} = '{ConnectionTo(upstream).Replace("'", "''", StringComparison.Ordinal)}'", cancellationToken);

    /// <summary>How this server connects to another to stream from it, as libpq reads it; no password stands in it.</summary>
    public string ConnectionTo(UpstreamServer upstream) =>
        $"host={upstream.Host} port={upstream.Port} user={options.ReplicationUser} application_name={options.Member} connect_timeout=2"
        + (PassFile is { } file ? $" passfile={file}" : "");

    /// <summary>Brings <see cref="PassFile"/> up to date with the password as it is now.</summary>
    public async Task PreparePasswordAsync(CancellationToken cancellationToken)
    {
        if (PassFile is not { } file)
        {
            return;
        }

        // PostgreSQL manual, "The Password File": a backslash goes before a colon or backslash in a field.
        var password = (await File.ReadAllTextAsync(options.PasswordFile!, cancellationToken)).TrimEnd('\r', '\n');
        var line = $"*:*:*:{options.ReplicationUser}:{password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)}\n";
        var command = new ToolCommand
        {
            Program = "sh", Arguments = ["-c", "umask 077; cat > \"$1.new\" && mv \"$1.new\" \"$1\"", "sh", file], Input = line, RunAs = _instance.Install.User, WorkingDirectory = "/",
        };
        (await ToolProcess.RunAsync(command, cancellationToken)).EnsureSuccess($"the directory of {_instance.DataDirectory} must belong to the server's user");
    }

    /// <summary>A checkpoint on another server, as the replication role, which needs <c>pg_checkpoint</c> for it.</summary>
    public async Task CheckpointAsync(UpstreamServer server, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = server.Host, Port = server.Port, Username = options.ReplicationUser, Database = "postgres", Passfile = PassFile, Pooling = false,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        using var other = new ReplicationServer(connection.ConnectionString);
        await other.CheckpointAsync(cancellationToken);
    }

    /// <summary>
    /// Where a stopped server's WAL ends for its standbys: its last checkpoint. After an orderly stop that is the last record, so a standby beyond it has everything.
    /// Nothing when there is no data directory.
    /// </summary>
    public async Task<StoppedServer> ReadControlAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(_instance.DataDirectory, "global", "pg_control")))
        {
            return new StoppedServer();
        }

        var control = (await RunToolAsync("pg_controldata", [_instance.DataDirectory], "the data directory is damaged; re-seed the member", cancellationToken)).Output;
        return new StoppedServer
        {
            Timeline = new TimelineId(uint.Parse(Timeline().Match(control).Groups[1].Value, CultureInfo.InvariantCulture)),
            Lsn = Lsn.Parse(Checkpoint().Match(control).Groups[1].Value),
            IsShutDown = ShutDown().IsMatch(control),
            RanAsStandby = InRecovery().IsMatch(control) || HasNotRun,
        };
    }

    /// <summary>Runs one of PostgreSQL's programs as the server's user.</summary>
    public Task<ToolResult> RunToolAsync(string program, IReadOnlyList<string> arguments, string hint, CancellationToken cancellationToken) =>
        RunAsync(_instance.Install.Program(program), arguments, hint, cancellationToken);

    /// <summary>Runs a program as the server's user.</summary>
    public async Task<ToolResult> RunAsync(string program, IReadOnlyList<string> arguments, string hint, CancellationToken cancellationToken) =>
        (await TryAsync(program, arguments, cancellationToken)).EnsureSuccess(hint);

    /// <summary>Runs one of PostgreSQL's programs as the server's user, whatever it ends with.</summary>
    public Task<ToolResult> TryToolAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        TryAsync(_instance.Install.Program(program), arguments, cancellationToken);

    private Task<ToolResult> TryAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ToolProcess.RunAsync(new ToolCommand { Program = program, Arguments = arguments, RunAs = _instance.Install.User, WorkingDirectory = "/" }, cancellationToken);

    [GeneratedRegex("Latest checkpoint location: *([0-9A-F]+/[0-9A-F]+)")]
    private static partial Regex Checkpoint();

    [GeneratedRegex("Database cluster state: *shut down( in recovery)?\\s*$", RegexOptions.Multiline)]
    private static partial Regex ShutDown();

    [GeneratedRegex("Database cluster state: *(shut down in recovery|in archive recovery)\\s*$", RegexOptions.Multiline)]
    private static partial Regex InRecovery();

    [GeneratedRegex("Latest checkpoint's TimeLineID: *([0-9]+)")]
    private static partial Regex Timeline();
}
