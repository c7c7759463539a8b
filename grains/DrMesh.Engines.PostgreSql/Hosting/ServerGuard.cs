using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Replication;
using DrMesh.Engines.Processes;

namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>
/// Binds a server to its agent: a companion process, which the agent tells until when the server may live. It ends the server when that moment comes, as it does where the agent is frozen, and when the agent
/// is gone, which the kernel tells by the end of the pipe between them. It is of another process, so whatever stops the agent does not stop it.
/// </summary>
/// <param name="command">What runs <see cref="ServeAsync"/>, before the data directory.</param>
/// <param name="dataDirectory">The server's.</param>
/// <param name="time">The clock; its timestamps are those of the machine's monotonic clock, which both processes read.</param>
public sealed class ServerGuard(IReadOnlyList<string> command, string dataDirectory, TimeProvider time) : IDisposable
{
    /// <summary>The hidden command of the silo's program.</summary>
    public const string Command = "guard";

    private const string Ready = "ready";
    private const string Unbound = "unbound";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private Process? _companion;

    /// <summary>The command of the program that runs now.</summary>
    public static IReadOnlyList<string> ThisProgram =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Environment.GetCommandLineArgs()[0], Command]
            : [Environment.ProcessPath ?? "", Command];

    /// <summary>Tells the companion until when the server may live; null: for ever, and whatever becomes of the agent. Returns once the companion stands; starts it if it does not. One call at a time.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ServerUnwilling"/>: it does not stand.</exception>
    public async Task ArmAsync(long? until, CancellationToken cancellationToken)
    {
        if (_companion is { HasExited: true })
        {
            Dispose();
        }

        if (_companion is null && until is null)
        {
            return;
        }

        try
        {
            _companion ??= await StartAsync(cancellationToken);
            await _companion.StandardInput.WriteLineAsync(until?.ToString(CultureInfo.InvariantCulture) ?? Unbound);
            await _companion.StandardInput.FlushAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException)
        {
            Dispose();
            throw new DrMeshException(
                DrMeshError.ServerUnwilling, $"the guard of {dataDirectory} does not stand: {failure.Message}", $"try it by hand: {string.Join(' ', command)} {dataDirectory}", failure);
        }
    }

    /// <summary>The agent goes: a server that is bound ends.</summary>
    public void Dispose()
    {
        if (_companion is { } companion)
        {
            _companion = null;
            try
            {
                companion.StandardInput.Close();
            }
            catch (IOException)
            {
                // It is gone already.
            }

            companion.Dispose();
        }
    }

    /// <summary>The companion's own work; ends with its input.</summary>
    public static async Task ServeAsync(PostgresInstance instance, TextReader input, TextWriter output, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(time);
        var told = Channel.CreateUnbounded<string?>();
        _ = Task.Run(() => ListenAsync(input, told.Writer));
        await output.WriteLineAsync(Ready);
        await output.FlushAsync();
        long? until = null;
        var isAlone = false;
        while (!isAlone)
        {
            while (told.Reader.TryRead(out var line))
            {
                isAlone |= line is null;
                until = line is null ? until : long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var moment) ? moment : null;
            }

            if (until is { } end && (isAlone || time.GetTimestamp() >= end))
            {
                await EndAsync(instance, time);
            }

            await Task.Delay(Pause, time);
        }
    }

    // A pipe that breaks tells the same as one that ends: the agent is gone.
    private static async Task ListenAsync(TextReader input, ChannelWriter<string?> told)
    {
        try
        {
            while (await input.ReadLineAsync() is { } line)
            {
                told.TryWrite(line);
            }
        }
        finally
        {
            told.TryWrite(null);
        }
    }

    // A standby acknowledges nothing and is left alone.
    private static async Task EndAsync(PostgresInstance instance, TimeProvider time)
    {
        while (instance.ReadPostmasterPid() is { } server && !ServerDirectory.IsMadeStandby(instance))
        {
            ProcessSignal.SendQuit(server);
            new AgentLease(instance.DataDirectory, time).HasLapsed = true;
            await ServerDirectory.MakeStandbyAsync(instance, CancellationToken.None);
            while (instance.ReadPostmasterPid() == server)
            {
                await Task.Delay(Pause, time);
            }
        }
    }

    private async Task<Process> StartAsync(CancellationToken cancellationToken)
    {
        var companion = ToolProcess.Start(new ToolCommand { Program = command[0], Arguments = [.. command.Skip(1), dataDirectory], WorkingDirectory = "/" });
        try
        {
            if (await companion.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken) != Ready)
            {
                throw new IOException($"it said: {(await companion.StandardError.ReadToEndAsync(cancellationToken)).Trim()}");
            }

            return companion;
        }
        catch
        {
            companion.Kill();
            companion.Dispose();
            throw;
        }
    }
}
