using System.Diagnostics;
using System.Runtime.InteropServices;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Load;
using DrMesh.Lab.Programs;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Namespaces;

/// <summary>
/// The clients of one region, a process inside it: two that find the database by the service's name, and one that tries the region's own database whatever it is, which must be
/// refused unless that leads. They outlive every fault of their region, so that what an isolated database acknowledges is seen.
/// </summary>
internal sealed class RegionWriters : IAsyncDisposable
{
    /// <summary>The hidden command that is theirs.</summary>
    public const string Command = "writers";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Insistence = TimeSpan.FromMilliseconds(250);
    private readonly Process _process;

    private RegionWriters(Process process, string log) => (_process, Log) = (process, log);

    /// <summary>The file with what they tried.</summary>
    public string Log { get; }

    /// <summary>Starts a region's.</summary>
    public static RegionWriters Start(WorldFolder folder, WorldNamespaces namespaces, WorldRegion region)
    {
        var process = ToolProcess.Start(new ToolCommand
        {
            Program = "nsenter",
            Arguments = [.. WorldNamespaces.Enter(namespaces.Of(region)), LabPrograms.Lab, Command, folder.Path, region.Part],
            WorkingDirectory = folder.Path,
        });
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new RegionWriters(process, LogOf(folder, region.Part));
    }

    /// <summary>Whether a process is one of these.</summary>
    public static bool IsOne(int pid) => WorldProcesses.CommandOf(pid).Contains($" {Command} /", StringComparison.Ordinal);

    /// <summary>The process's own work: writes until its input ends.</summary>
    public static async Task ServeAsync(WorldFolder folder, string part, TextReader input)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        var regions = WorldRegion.Three(folder, WorldNamespaces.Network);
        var databases = new Databases(regions, new LoopbackGround(WorldNamespaces.Network), folder.Secrets);
        var names = new NameLookup(new NameServer(WorldNamespaces.Network, folder.Names, "").EndPoint, NameServer.ServiceName);
        var (region, number) = regions.Select((known, index) => (known, index)).First(entry => entry.known.Part == part);
        await using var file = new StreamWriter(LogOf(folder, part), append: true) { AutoFlush = true };
        using var stop = new CancellationTokenSource();
        Writer[] writers =
        [
            New(1, names.AskAsync, Pace),
            New(2, names.AskAsync, Pace),
            New(3, _ => Task.FromResult<string?>(region.Address), Insistence),
        ];
        var running = Task.WhenAll(writers.Select(writer => Task.Run(() => writer.RunAsync(Pace, stop.Token))));
        await input.ReadToEndAsync();
        await stop.CancelAsync();
        await running;

        Writer New(int own, Func<CancellationToken, Task<string?>> find, TimeSpan pause) => new(
            (number * 10) + own, find, address => databases.ConnectionString(address, databases.Port, Databases.ApplicationRole), TimeProvider.System)
        {
            Pause = pause,
            OnRow = row =>
            {
                lock (file)
                {
                    file.WriteLine(RowLog.Write(row));
                }
            },
        };
    }

    /// <summary>Stops them and waits for their last answers.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private static string LogOf(WorldFolder folder, string part) => Path.Combine(folder.Path, $"writers-{part}.log");
}
