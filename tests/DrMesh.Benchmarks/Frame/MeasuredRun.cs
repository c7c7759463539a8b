using System.Diagnostics;
using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;

namespace DrMesh.Benchmarks.Frame;

/// <summary>What one program took: wall-clock time, processor time of it and all its children, the most memory they held together.</summary>
/// <param name="Seconds">Wall clock.</param>
/// <param name="CpuSeconds">User and system.</param>
/// <param name="PeakMegabytes">The highest sum of resident memory seen, sampled every 50 ms.</param>
internal sealed record MeasuredRun(double Seconds, double CpuSeconds, double PeakMegabytes)
{
    /// <summary>Runs a program to its end under a shell's <c>times</c>, which counts children the program waited for.</summary>
    public static async Task<MeasuredRun> OfAsync(string program, IReadOnlyList<string> arguments, string? runAs, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = ToolProcess.Start(new ToolCommand
        {
            Program = "bash",
            Arguments = ["-c", "TIMEFORMAT='drmesh-times %U %S'; time \"$@\"", "bash", program, .. arguments],
            RunAs = runAs,
            WorkingDirectory = "/",
        });
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var ended = process.WaitForExitAsync(cancellationToken);
        double peak = 0;
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, ResidentOf(process.Id) / 1e6);
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken));
        }

        await ended;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var text = await error;
        if (process.ExitCode != 0)
        {
            throw new DrMeshException(
                DrMeshError.ToolFailed, $"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}: {text}{await output}", "see what it says");
        }

        var times = text.Split('\n').Last(line => line.StartsWith("drmesh-times", StringComparison.Ordinal)).Split(' ');
        return new MeasuredRun(seconds, double.Parse(times[1], CultureInfo.InvariantCulture) + double.Parse(times[2], CultureInfo.InvariantCulture), peak);
    }

    /// <summary>Resident bytes of a process and all below it; asks the kernel for children, since reading all of /proc would itself be a load on what is measured.</summary>
    private static long ResidentOf(int pid)
    {
        try
        {
            var pages = long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture);
            var children = Directory.EnumerateDirectories($"/proc/{pid}/task").SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries));
            return (pages * Environment.SystemPageSize) + children.Sum(child => ResidentOf(int.Parse(child, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return 0;
        }
    }
}
