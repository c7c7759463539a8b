using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>A DNS server that runs in the foreground as a child of the test, on one loopback port for UDP and TCP.</summary>
public abstract class DnsServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<string> _log = [];
    private Process? _process;

    /// <summary>Prepares a server in a directory.</summary>
    protected DnsServerProcess(TestDirectory directory, int port)
    {
        Directory = directory;
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
    }

    /// <summary>Where it answers.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What it wrote, for a failing test's message.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Its files.</summary>
    protected TestDirectory Directory { get; }

    /// <summary>How it is started, in the foreground.</summary>
    protected abstract ToolCommand Command { get; }

    /// <summary>Starts it, also after a kill, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        _process = ToolProcess.Start(Command);
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.HoldsAsync(
            async () => _process.HasExited ? throw new InvalidOperationException($"{Command.Program} ended:\n{Log}") : await IsReadyAsync(),
            Patience,
            () => $"{Command.Program} does not answer:\n{Log}");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        _process = null;
    }

    /// <summary>SIGSTOP: it keeps its ports and answers nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether it answers.</summary>
    protected abstract Task<bool> IsReadyAsync();

    /// <summary>Whether it answers for a zone with authority, asked by <c>dig</c>.</summary>
    protected async Task<bool> AnswersForAsync(string zone)
    {
        var result = await ToolProcess.RunAsync(new ToolCommand
        {
            Program = "dig",
            Arguments = ["@127.0.0.1", "-p", $"{EndPoint.Port}", "+norecurse", "+time=1", "+tries=1", "+tcp", zone, "SOA"],
        });
        return result.ExitCode == 0 && result.Output.Contains(" aa", StringComparison.Ordinal) && result.Output.Contains("NOERROR", StringComparison.Ordinal);
    }

    private async Task SignalAsync(string signal)
    {
        var pid = _process?.Id ?? throw new InvalidOperationException("the server does not run");
        (await ToolProcess.RunAsync(new ToolCommand { Program = "kill", Arguments = [$"-{signal}", $"{pid}"] })).EnsureSuccess("the server was just there");
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _log.Enqueue(text);
        }
    }
}
