using System.Diagnostics;
using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Regions;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Benchmarks.Mesh;

/// <summary>What the mesh itself costs: calls, detection, start-up, memory. Real processes on loopback; there is no peer to compare with.</summary>
internal sealed class MeshBenchmark : IBenchmark
{
    private const int Runs = 3;
    private const int Callers = 32;
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public string Name => "mesh";

    public string Description => "Grain calls through the client and between silos, detection of a dead silo, start-up, memory";

    public async Task<IReadOnlyList<Measurement>> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        List<Measurement> figures = [];
        progress("one silo");
        await using (var one = await MeshFixture.StartNewAsync("a"))
        {
            figures.AddRange(await ClientCallsAsync(one, "1 silo", cancellationToken));
            figures.Add(await MemoryAsync(one, cancellationToken));
            figures.Add(await StartAsync(one, progress));
        }

        progress("three silos");
        await using var three = await MeshFixture.StartNewAsync();
        figures.AddRange(await ClientCallsAsync(three, "3 silos", cancellationToken));
        figures.AddRange(await SiloCallsAsync(three, "a/node-1", "same silo", cancellationToken));
        figures.AddRange(await SiloCallsAsync(three, "b/node-1", "another silo", cancellationToken));
        figures.Add(await DetectionAsync(three, progress));
        return figures;
    }

    private static async Task<IEnumerable<Measurement>> ClientCallsAsync(MeshFixture mesh, string where, CancellationToken cancellationToken)
    {
        await using var connection = await mesh.ConnectAsync();
        var links = mesh.Silos.Select(silo => connection.Grains.GetGrain<ILinkGrain>(silo.Node)).ToList();
        var runs = new List<LinkMeasurement>();
        await LoadAsync(links, Callers, TimeSpan.FromSeconds(2), cancellationToken);
        for (var run = 0; run < Runs; run++)
        {
            runs.Add(await LoadAsync(links, Callers, Load, cancellationToken));
        }

        var single = new List<LinkMeasurement>();
        for (var run = 0; run < Runs; run++)
        {
            single.Add(await LoadAsync(links, 1, TimeSpan.FromSeconds(2), cancellationToken));
        }

        return Figures($"client, {where}", runs, single);
    }

    private static async Task<IEnumerable<Measurement>> SiloCallsAsync(MeshFixture mesh, string target, string where, CancellationToken cancellationToken)
    {
        await using var connection = await mesh.ConnectAsync();
        var from = connection.Grains.GetGrain<ILinkGrain>("a/node-1");
        var parts = target.Split('/');
        var to = new NodeId(new RegionId(parts[0]), parts[1]);
        await from.Measure(to, Callers, TimeSpan.FromSeconds(2), cancellationToken);
        var runs = new List<LinkMeasurement>();
        var single = new List<LinkMeasurement>();
        for (var run = 0; run < Runs; run++)
        {
            runs.Add(await from.Measure(to, Callers, Load, cancellationToken));
            single.Add(await from.Measure(to, 1, TimeSpan.FromSeconds(2), cancellationToken));
        }

        return Figures($"silo to {where}", runs, single);
    }

    private static async Task<LinkMeasurement> LoadAsync(List<ILinkGrain> links, int callers, TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            var mine = new List<long>();
            for (var call = caller; Stopwatch.GetElapsedTime(started) < duration; call++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var asked = Stopwatch.GetTimestamp();
                await links[call % links.Count].Answer();
                mine.Add(Stopwatch.GetElapsedTime(asked).Ticks);
            }

            return mine;
        }));
        return CallTimes.Of([.. times.SelectMany(mine => mine)], Stopwatch.GetElapsedTime(started));
    }

    private static IEnumerable<Measurement> Figures(string name, List<LinkMeasurement> loaded, List<LinkMeasurement> single) =>
    [
        Measurement.Median($"{name}: calls, {Callers} at once", "calls/s", [.. loaded.Select(run => run.Calls / run.Duration.TotalSeconds)]),
        Measurement.Median($"{name}: p99, {Callers} at once", "ms", [.. loaded.Select(run => run.Percentile99.TotalMilliseconds)]),
        Measurement.Median($"{name}: p50, one at a time", "ms", [.. single.Select(run => run.Median.TotalMilliseconds)]),
        Measurement.Median($"{name}: p99, one at a time", "ms", [.. single.Select(run => run.Percentile99.TotalMilliseconds)]),
    ];

    // Idle: the load is over for a while, and the collector had the time to give back what it took.
    private static async Task<Measurement> MemoryAsync(MeshFixture mesh, CancellationToken cancellationToken)
    {
        await mesh.Silo("a").StopAsync();
        await mesh.UpAsync();
        List<double> runs = [];
        for (var run = 0; run < Runs; run++)
        {
            await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, cancellationToken);
            var resident = File.ReadLines($"/proc/{mesh.Silo("a").Pid}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            runs.Add(double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024);
        }

        return Measurement.Median("idle silo: resident memory", "MiB", runs);
    }

    private static async Task<Measurement> StartAsync(MeshFixture mesh, Action<string> progress)
    {
        List<double> runs = [];
        for (var run = 0; run < Runs; run++)
        {
            await mesh.Silo("a").StopAsync();
            var started = Stopwatch.GetTimestamp();
            var up = mesh.UpAsync();
            await Eventually.HoldsAsync(
                async () => await mesh.Silo("a").GetAsync("/readyz") is { Status: System.Net.HttpStatusCode.OK }, Patience, () => mesh.Silo("a").LogTail());
            runs.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            await up;
            progress($"ready after {runs[^1]:0.00} s");
        }

        return Measurement.Median("silo: from mesh up to /readyz", "s", runs);
    }

    private static async Task<Measurement> DetectionAsync(MeshFixture mesh, Action<string> progress)
    {
        List<double> runs = [];
        for (var run = 0; run < Runs; run++)
        {
            await using var connection = await mesh.ConnectAsync(nodes: ["a", "b"]);
            var management = connection.Grains.GetGrain<IManagementGrain>(0);
            await AwaitHostsAsync(management, 3);
            var started = Stopwatch.GetTimestamp();
            mesh.Silo("c").Kill();
            await AwaitHostsAsync(management, 2);
            runs.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            progress($"declared dead after {runs[^1]:0.00} s");
            await mesh.UpAsync();
        }

        return Measurement.Median("killed silo: until declared dead", "s", runs);
    }

    private static async Task AwaitHostsAsync(IManagementGrain management, int count)
    {
        var seen = 0;
        await Eventually.HoldsAsync(
            async () => (seen = (await management.GetHosts(onlyActive: true)).Count) == count, Patience, () => $"{seen} silos are active, not {count}");
    }
}
