using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Lab.Chaos;

namespace DrMesh.Benchmarks.Failover;

/// <summary>
/// The write gap as clients see it who find the database by its DNS name: last acknowledged row before, first after. Beside it, on the same machine, Patroni with a client that
/// knows all hosts. DrMesh waits for detection by two regions or the agent's word, and moves the name; Patroni for its leader key.
/// </summary>
internal sealed class FailoverBenchmark : IBenchmark
{
    private static readonly Dictionary<string, Aim> Aims = new()
    {
        [$"{MeshRounds.ProcessKilled}: write gap"] = Aim.AtMost(1),
        [$"{MeshRounds.RegionKilled}: write gap"] = Aim.AtMost(3),
        [$"{PartitionRounds.Partitioned}: write gap"] = Aim.AtMost(3),
        [$"{PartitionRounds.WithStandby}: write gap"] = Aim.AtMost(3),
        [$"{PartitionRounds.WithLeader}: write gap"] = Aim.AtMost(3),
        [$"{MeshRounds.Switchover}: write gap"] = Aim.AtMost(0.6),
        ["lost acknowledged rows"] = Aim.AtMost(0),
        ["rows acknowledged by two primaries"] = Aim.AtMost(0),
    };

    public string Name => "failover";

    public string Description => "Write gap of a killed primary, a killed and a partitioned region and a switchover, each step's time, and lost rows, beside Patroni; the evacuation of a region of 1,000 clusters; an hour of starvation. DRMESH_BENCH_RUNS sets the rounds (10)";

    private static int Runs => int.Parse(Environment.GetEnvironmentVariable("DRMESH_BENCH_RUNS") ?? "10", CultureInfo.InvariantCulture);

    public async Task<IReadOnlyList<Measurement>> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var ours = await MeshRounds.RunAsync(Runs, progress, cancellationToken);
        var partitioned = await PartitionRounds.RunAsync(Runs, progress, cancellationToken);
        var patroni = await PatroniRounds.RunAsync(Runs, progress, cancellationToken);
        List<Measurement> figures = [];
        foreach (var (what, rounds) in ours.ByDisaster)
        {
            var gaps = rounds.Select(round => round.Gap.TotalSeconds).ToArray();
            var peer = patroni.GetValueOrDefault(what) is { Count: > 0 } theirs ? theirs.Select(gap => gap.TotalSeconds).ToArray() : null;
            figures.Add(Measurement.Median($"{what}: write gap, median", "s", gaps, peer));
            figures.Add(new Measurement($"{what}: write gap, longest", "s", gaps.Max(), peer?.Max(), gaps.Length));
            foreach (var phase in rounds.SelectMany(round => round.Phases.Keys).Distinct())
            {
                figures.Add(Measurement.Median($"{what}: {phase}", "s", [.. rounds.Select(round => round.Phases.GetValueOrDefault(phase).TotalSeconds)]));
            }
        }

        figures.AddRange(Figures(partitioned));
        figures.AddRange(await new EvacuationBenchmark().RunAsync(progress, cancellationToken));
        var all = ours.ByDisaster.SelectMany(entry => entry.Value).Count();
        var cuts = partitioned?.Faults.Count ?? 0;
        figures.Add(new Measurement("acknowledged rows", "rows", ours.Check.Acknowledged + (partitioned?.Acknowledged ?? 0), null, all + cuts));
        figures.Add(new Measurement("lost acknowledged rows", "rows", ours.Check.Lost.Count + (partitioned?.Lost ?? 0), null, all + cuts));
        figures.Add(new Measurement("rows acknowledged by two primaries", "rows", ours.Check.DoubleAcknowledged.Count + (partitioned?.DoubleAcknowledged ?? 0), null, all + cuts));
        return [.. Measurement.WithAims(figures, Aims), .. await new StarvationBenchmark().RunAsync(progress, cancellationToken)];
    }

    private static IEnumerable<Measurement> Figures(ChaosReport? partitioned)
    {
        foreach (var rounds in (partitioned?.Faults ?? []).GroupBy(PartitionRounds.CaseOf).OrderBy(rounds => rounds.Key, StringComparer.Ordinal))
        {
            var gaps = rounds.Select(round => round.WriteGapSeconds).ToArray();
            yield return Measurement.Median($"{rounds.Key}: write gap, median", "s", gaps);
            yield return new Measurement($"{rounds.Key}: write gap, longest", "s", gaps.Max(), null, gaps.Length);
            foreach (var phase in rounds.SelectMany(round => round.PhaseSeconds.Keys).Distinct())
            {
                yield return Measurement.Median($"{rounds.Key}: {phase}", "s", [.. rounds.Select(round => round.PhaseSeconds.GetValueOrDefault(phase))]);
            }
        }
    }
}
