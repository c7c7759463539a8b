using System.Globalization;
using System.Text.RegularExpressions;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.Engines.Processes;

namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>
/// One PostgreSQL server on a data directory of this machine, driven by <c>pg_ctl</c>. It outlives the process that started it.
/// The data directory's parent must exist and be writable by <see cref="PostgresInstall.User"/>.
/// </summary>
public sealed partial class PostgresInstance(PostgresInstall install, string dataDirectory)
{
    private static readonly TimeSpan CollectPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>The data directory, absolute.</summary>
    public string DataDirectory { get; } = Path.GetFullPath(dataDirectory);

    /// <summary>The programs it runs with.</summary>
    public PostgresInstall Install { get; } = install;

    private string LogFile => DataDirectory + ".log";

    /// <summary>Creates the cluster with data checksums, UTF-8 and the given superuser; local connections are trusted, host connections ask for a SCRAM password.</summary>
    /// <param name="superuser">The superuser's name.</param>
    /// <param name="password">Its password, handed over by a file only the server's user can read; null: none is set and host connections on loopback are trusted.</param>
    /// <param name="settings">Lines appended to <c>postgresql.conf</c>, name to value as PostgreSQL writes them.</param>
    /// <param name="cancellationToken">Ends waiting and removes what was half made.</param>
    public async Task InitializeAsync(
        string superuser,
        string? password,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken = default)
    {
        List<string> arguments =
        [
            "-D", DataDirectory, "-U", superuser, "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust",
            password is null ? "--auth-host=trust" : "--auth-host=scram-sha-256",
        ];
        var passwordFile = DataDirectory + ".password";
        try
        {
            if (password is not null)
            {
                await WritePasswordAsync(passwordFile, password, cancellationToken);
                arguments.Add($"--pwfile={passwordFile}");
            }

            var result = await ToolProcess.RunAsync(Command("initdb", arguments), cancellationToken);
            result.EnsureSuccess($"see what initdb says about {DataDirectory}; the directory must be empty and belong to {Install.User}");
        }
        finally
        {
            File.Delete(passwordFile);
        }

        await ConfigureAsync(settings, cancellationToken);
    }

    /// <summary>Appends settings to <c>postgresql.conf</c>; the last of two lines for one name counts, so this overrides.</summary>
    public Task ConfigureAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken = default) =>
        File.AppendAllLinesAsync(
            Path.Combine(DataDirectory, "postgresql.conf"),
            settings.Select(setting => $"{setting.Key} = '{setting.Value.Replace("'", "''", StringComparison.Ordinal)}'"),
            cancellationToken);

    /// <summary>Starts the server and waits until it accepts connections, or, as a standby, until it has started recovery.</summary>
    public async Task StartAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        await AwaitCollectedAsync(timeout, cancellationToken);
        var seconds = ((int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var result = await ToolProcess.RunAsync(
            Command("pg_ctl", ["start", "-D", DataDirectory, "-l", LogFile, "-w", "-t", seconds]), cancellationToken);
        result.EnsureSuccess($"the server's own log is {LogFile}{await LogTailAsync()}");
    }

    /// <summary>Starts the server without waiting for it: a recovery may take long before it accepts connections.</summary>
    public async Task LaunchAsync(CancellationToken cancellationToken = default)
    {
        await AwaitCollectedAsync(CollectPatience, cancellationToken);
        await PrepareLogAsync(cancellationToken);
        var result = await ToolProcess.RunAsync(Command("pg_ctl", ["start", "-D", DataDirectory, "-l", LogFile, "-W"]), cancellationToken);
        result.EnsureSuccess($"the server's own log is {LogFile}{await LogTailAsync()}");
    }

    /// <summary>Begins a new log, so that what an earlier run ended with is not taken for this one's failure.</summary>
    public async Task PrepareLogAsync(CancellationToken cancellationToken = default)
    {
        if (File.Exists(LogFile))
        {
            File.Move(LogFile, LogFile + ".1", overwrite: true);
        }

        // Beside the data directory only root may be allowed to create a file; pg_ctl -W would not tell that the server never began.
        await File.WriteAllTextAsync(LogFile, "", cancellationToken);
        await Ownership.GiveAsync(Install.User, LogFile, cancellationToken);
    }

    /// <summary>The value a setting has, or would have at the next start; a running server's changed file is read, not the server.</summary>
    public async Task<string> ReadSettingAsync(string name, CancellationToken cancellationToken = default)
    {
        var result = await ToolProcess.RunAsync(Command("postgres", ["-C", name, "-D", DataDirectory]), cancellationToken);
        return result.EnsureSuccess($"see postgresql.conf and postgresql.auto.conf in {DataDirectory}").Output.Trim();
    }

    /// <summary>What <c>pg_controldata</c> says, label to value.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadControlDataAsync(CancellationToken cancellationToken = default)
    {
        var result = await ToolProcess.RunAsync(
            Command("pg_controldata", ["-D", DataDirectory]) with { Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" } }, cancellationToken);
        return result.EnsureSuccess($"see whether {DataDirectory} is a data directory").Output.Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1].Trim(), StringComparer.Ordinal);
    }

    /// <summary>The last lines of the server's log that tell of an error; empty: none.</summary>
    public async Task<string> ReadFailureAsync(CancellationToken cancellationToken = default)
    {
        if (!File.Exists(LogFile))
        {
            return "";
        }

        var lines = await File.ReadAllLinesAsync(LogFile, cancellationToken);
        return string.Join(" | ", lines.Where(TellsOfTheServer).TakeLast(2));
    }

    // A client turned away while the server starts or stops is logged as fatal, too: for that client.
    private static bool TellsOfTheServer(string line) =>
        (line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("PANIC", StringComparison.Ordinal))
        && !line.Contains("the database system is ", StringComparison.Ordinal);

    /// <summary>Stops the server; "already stopped" is success.</summary>
    public async Task StopAsync(ShutdownMode mode, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (ReadPostmasterPid() is not { } postmaster)
        {
            return;
        }

        // What pg_ctl sends; but pg_ctl looks ten times a second, while writers wait. Source: the manual, "Shutting Down the Server".
        _ = mode switch
        {
            ShutdownMode.Smart => ProcessSignal.SendTerminate(postmaster),
            ShutdownMode.Fast => ProcessSignal.SendInterrupt(postmaster),
            _ => ProcessSignal.SendQuit(postmaster),
        };
        var begun = TimeProvider.System.GetTimestamp();
        while (ReadPostmasterPid() is not null)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > timeout)
            {
                throw new DrMeshException(
                    DrMeshError.ToolFailed,
                    string.Create(CultureInfo.InvariantCulture, $"the server on {DataDirectory} (process {postmaster}) has not stopped {timeout.TotalSeconds:0} s after a {mode.ToString().ToLowerInvariant()} shutdown was asked of it"),
                    $"see its log, {LogFile}; stop it by hand: pg_ctl stop -m immediate -D {DataDirectory}");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>The running postmaster's process id, or null when no server runs on the directory.</summary>
    public int? ReadPostmasterPid() => ReadHolder() is > 0 and var pid ? pid : null;

    /// <summary>Whether a process holds the data directory: the server, or one in single-user mode.</summary>
    public bool IsHeld => ReadHolder() is not null;

    /// <summary>
    /// Waits until a killed server has left the process table: until its parent has collected it, its id is taken, and neither <c>pg_ctl</c> nor <c>pg_rewind</c> believes that it is gone. Returns at once
    /// while it runs.
    /// </summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ServerHostFailed"/>: its parent does not collect it.</exception>
    public async Task AwaitCollectedAsync(TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (ReadLockingProcess() is { HasEnded: true, Pid: var pid })
        {
            if (TimeProvider.System.GetElapsedTime(begun) > patience)
            {
                throw new DrMeshException(
                    DrMeshError.ServerHostFailed,
                    string.Create(CultureInfo.InvariantCulture, $"process {Math.Abs(pid)}, the server that was killed on {DataDirectory}, is in the process table still: its parent has not collected it for {patience.TotalSeconds:0} s"),
                    "end that parent (ps -o ppid=), and run containers with an init process (docker run --init)");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    // Negative: one in single-user mode. A killed server stays in the process table until its parent has collected it: it runs no more.
    private int? ReadHolder() => ReadLockingProcess() is { HasEnded: false, Pid: var pid } ? pid : null;

    // The process of that name whose id the directory's lock file has.
    private (int Pid, bool HasEnded)? ReadLockingProcess()
    {
        var file = Path.Combine(DataDirectory, "postmaster.pid");
        try
        {
            var first = File.ReadLines(file).FirstOrDefault();
            if (!int.TryParse(first, CultureInfo.InvariantCulture, out var pid))
            {
                return null;
            }

            return ProcessState.Match(File.ReadAllText($"/proc/{Math.Abs(pid).ToString(CultureInfo.InvariantCulture)}/stat")) is { Success: true } found
                && found.Groups["name"].Value == "postgres" ? (pid, found.Groups["state"].Value is "Z" or "X") : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException || (gone is IOException && !File.Exists(file)))
        {
            return null;
        }
    }

    /// <summary>Whether the running server accepts connections, or would if it took any as a standby.</summary>
    public bool HasStarted => ReadPostmasterPid() is not null && ReadLockFile() is { Length: > 7 } lines && lines[7].Trim() is "ready" or "standby";

    /// <summary>When the running server was started, to the second; null while it does not run.</summary>
    public DateTimeOffset? ReadStartTime() => ReadPostmasterPid() is not null && ReadLockFile() is { Length: > 2 } lines && long.TryParse(lines[2], CultureInfo.InvariantCulture, out var second)
        ? DateTimeOffset.FromUnixTimeSeconds(second) : null;

    /// <summary>
    /// Where the running server is reached: the first address it could listen at, else its socket's directory; null while it does not run or does not listen yet. An address
    /// of its settings that another server holds is not taken for its own: who asks there would ask the other.
    /// </summary>
    public (string Host, int Port)? ReadEndpoint()
    {
        if (ReadPostmasterPid() is null || ReadLockFile() is not { Length: > 5 } lines || !int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        return lines[5].Trim() switch
        {
            "" => lines[4].Trim() is { Length: > 0 } socket ? (socket, port) : null,
            "*" or "0.0.0.0" => ("127.0.0.1", port),
            "::" => ("::1", port),
            var address => (address, port),
        };
    }

    // Source: miscadmin.h of PostgreSQL, LOCK_FILE_LINE_*: process id, data directory, start time, port, socket directory, first address, shared memory, state.
    private string[] ReadLockFile()
    {
        try
        {
            return File.ReadAllLines(Path.Combine(DataDirectory, "postmaster.pid"));
        }
        catch (IOException)
        {
            // It does not run, or ended meanwhile.
            return [];
        }
    }

    // Written by the server's user: initdb, which runs as that user, could open neither root's file nor root's pipe.
    private async Task WritePasswordAsync(string file, string password, CancellationToken cancellationToken)
    {
        var write = new ToolCommand
        {
            Program = "sh",
            Arguments = ["-c", "umask 077; cat > \"$1\"", "sh", file],
            Input = password,
            RunAs = Install.User,
            WorkingDirectory = "/",
        };
        (await ToolProcess.RunAsync(write, cancellationToken))
            .EnsureSuccess($"the directory of {DataDirectory} must be writable by {Install.User}");
    }

    private ToolCommand Command(string program, IReadOnlyList<string> arguments) =>
        new() { Program = Install.Program(program), Arguments = arguments, RunAs = Install.User, WorkingDirectory = "/" };

    private async Task<string> LogTailAsync()
    {
        if (!File.Exists(LogFile))
        {
            return "";
        }

        var lines = await File.ReadAllLinesAsync(LogFile);
        return "; it ends: " + string.Join(" | ", lines.TakeLast(3));
    }

    [GeneratedRegex(@"^[0-9]+ \((?<name>.*)\) (?<state>[A-Za-z])", RegexOptions.Singleline)]
    private static partial Regex ProcessState { get; }
}
