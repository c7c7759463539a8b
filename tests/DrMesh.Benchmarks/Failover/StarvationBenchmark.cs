using System.Globalization;
using DrMesh.Benchmarks.Frame;

namespace DrMesh.Benchmarks.Failover;

/// <summary>
/// Whether a database that is only slow is taken for a lost one: every core of the machine has more to do than it can, and each line between the regions delays every packet by 80 ms, while
/// writers write in every region. Nothing fails, so that any session that moves the database is a false one.
/// </summary>
internal sealed class StarvationBenchmark : IBenchmark
{
    private const string What = "processor time starved, 80 ms delay";
    private const string FalseOnes = $"{What}: false failovers";

    private static readonly Dictionary<string, Aim> Aims = new()
    {
        [FalseOnes] = Aim.AtMost(0),
        [$"{What}: lost acknowledged rows"] = Aim.AtMost(0),
    };

    public string Name => "starvation";

    public string Description => "Failovers while every core is busy and every line is slow, of which there must be none (part of failover); DRMESH_BENCH_STARVE_MINUTES sets the length (60; 0: left out)";

    private static int Minutes => int.Parse(Environment.GetEnvironmentVariable("DRMESH_BENCH_STARVE_MINUTES") ?? "60", CultureInfo.InvariantCulture);

    public async Task<IReadOnlyList<Measurement>> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        if (Minutes == 0)
        {
            return [];
        }

        if (await LabChaos.RunAsync(What, $"starve:{Minutes * 60}", progress, cancellationToken) is not { } report)
        {
            return [];
        }

        List<Measurement> figures =
        [
            new($"{What}: length", "min", report.Faults.Sum(fault => fault.Seconds) / 60, null, 1),
            new(FalseOnes, "sessions", report.Faults.Sum(fault => fault.Sessions), null, 1),
            new($"{What}: longest time without an acknowledged row", "s", report.Faults.Max(fault => fault.WriteGapSeconds), null, 1),
            new($"{What}: acknowledged rows", "rows", report.Acknowledged, null, 1),
            new($"{What}: lost acknowledged rows", "rows", report.Lost, null, 1),
        ];
        return Measurement.WithAims(figures, Aims);
    }
}
