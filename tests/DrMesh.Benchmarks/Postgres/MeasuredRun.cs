using System.Diagnostics;
using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;

namespace DrMesh.Benchmarks.Postgres;

/// <summary>What one program took: wall-clock time, processor time of it and all its children, the most memory they held together.</summary>
/// <param name="Seconds">Wall clock.</param>
/// <param name="CpuSeconds">User and system.</param>
/// <param name="PeakMegabytes">The highest sum of resident memory seen, sampled every 25 ms.</param>
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
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, cancellationToken));
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

    /// <summary>Resident bytes of a process and all below it.</summary>
    private static long ResidentOf(int root)
    {
        var parents = new Dictionary<int, (int Parent, long Bytes)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var pid))
            {
                try
                {
                    var stat = File.ReadAllText($"{directory}/stat");
                    var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                    parents[pid] = (int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
                }
                catch (IOException)
                {
                    // It ended meanwhile.
                }
            }
        }

        return parents.Where(process => IsBelow(process.Key)).Sum(process => process.Value.Bytes);

        bool IsBelow(int pid)
        {
            for (var step = 0; step < 64 && pid > 1; step++)
            {
                if (pid == root)
                {
                    return true;
                }

                pid = parents.TryGetValue(pid, out var entry) ? entry.Parent : 0;
            }

            return false;
        }
    }
}
