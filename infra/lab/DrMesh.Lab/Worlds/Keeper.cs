using System.Diagnostics;
using System.Runtime.InteropServices;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;

namespace DrMesh.Lab.Worlds;

/// <summary>
/// The process that ends a world when its maker is gone, however it went: it holds the reading end of a pipe whose writing end only the maker has, and the kernel closes
/// that with the maker. It runs in a session of its own, out of the terminal's reach.
/// </summary>
internal sealed class Keeper : IAsyncDisposable
{
    /// <summary>The hidden command that is the keeper's.</summary>
    public const string Command = "keeper";

    private const string Keep = "keep";
    private readonly Process _process;

    private Keeper(Process process) => _process = process;

    /// <summary>Starts the keeper of a world.</summary>
    public static Keeper Start(WorldFolder folder)
    {
        var process = ToolProcess.Start(new ToolCommand { Program = "setsid", Arguments = [LabPrograms.Lab, Command, folder.Path], WorkingDirectory = "/" });
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new Keeper(process);
    }

    /// <summary>The keeper's own work: waits for its input's end, then ends the world, unless told to keep it.</summary>
    public static async Task ServeAsync(WorldFolder folder, TextReader input, TimeProvider time)
    {
        // Its only reason to end is the maker's end.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        if (await input.ReadToEndAsync() is not $"{Keep}\n")
        {
            await Reaper.ReapAsync(folder, time);
        }
    }

    /// <summary>The world stays; the keeper goes.</summary>
    public async Task ReleaseAsync()
    {
        await _process.StandardInput.WriteAsync($"{Keep}\n");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends the world, unless it was released, and waits until nothing of it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
