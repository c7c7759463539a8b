using System.Diagnostics;
using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using DrMesh.TestKit.Recovery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Orleans.TestingHost;

namespace DrMesh.Benchmarks.Failover;

/// <summary>
/// What the mesh itself costs when a region with many clusters is lost: three silos in one process, state in memory, fake servers that do everything at once. The region's silo and servers die,
/// and every application is ordered away as <c>drmesh failover --region</c> orders it.
/// </summary>
internal sealed class EvacuationBenchmark : IBenchmark
{
    private static readonly int[] Sizes = [10, 100, 1000];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public string Name => "evacuation";

    public string Description => "The mesh's own cost of evacuating a region of 10, 100 and 1,000 clusters, on fake servers (part of failover)";

    public async Task<IReadOnlyList<Measurement>> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        List<Measurement> figures = [];
        foreach (var size in Sizes)
        {
            var (seconds, calls) = await EvacuateAsync(size, cancellationToken);
            progress(string.Create(CultureInfo.InvariantCulture, $"evacuation of {size} clusters: {seconds:0.0} s, {calls / size:0} grain calls a cluster"));
            figures.Add(new Measurement(string.Create(CultureInfo.InvariantCulture, $"evacuation of {size} clusters, fake servers: until each has a new primary"), "s", seconds, null, 1));
            figures.Add(new Measurement(string.Create(CultureInfo.InvariantCulture, $"evacuation of {size} clusters, fake servers: grain calls a cluster"), "calls", (double)calls / size, null, 1));
        }

        return figures;
    }

    private static async Task<(double Seconds, long Calls)> EvacuateAsync(int size, CancellationToken cancellationToken)
    {
        var names = Enumerable.Range(0, size).Select(number => string.Create(CultureInfo.InvariantCulture, $"shop-{number:0000}")).ToArray();
        var world = FakeDatabases.Create(names);
        var calls = new CallCounter();
        var (states, script) = (new SharedStates(), new CrashScript());
        var table = new FakeSessionTable(TimeProvider.System);
        var builder = new InProcessTestClusterBuilder((short)FakeDatabases.Regions.Count);
        var regions = new Queue<RegionId>(FakeDatabases.Regions);
        var siloOf = new Dictionary<RegionId, string>();
        builder.ConfigureSilo((options, silo) =>
        {
            RegionId region;
            lock (siloOf)
            {
                region = regions.Dequeue();
                siloOf[region] = options.SiloName;
            }

            silo.UseInMemoryReminderService();
            // The runtime's own memory storage would die with the silo that happens to hold it.
            silo.Services.AddKeyedSingleton<IGrainStorage>("Default", (_, _) => new SharedStorage(states, script, "any"));
            silo.Services.AddSingleton(provider => provider.GetRequiredKeyedService<IGrainStorage>("Default"));
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
            silo.Services.AddSingleton<ISessionTable>(table);
            silo.Services.AddDrMeshSessions(_ => { });
            silo.AddIncomingGrainCallFilter(calls);
            world.Wire(silo, region, reachesAll: false);
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync(cancellationToken);
        await CalmAsync(cluster.Client, names, cancellationToken);

        foreach (var name in names)
        {
            world.Servers.Kill(world.PortOf(name, FakeDatabases.Regions[0]));
        }

        await cluster.KillAndTellAsync(cluster.Silos.Single(silo => silo.Name == siloOf[FakeDatabases.Regions[0]]), cancellationToken);
        var begun = Stopwatch.GetTimestamp();
        var before = calls.Count;
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken }, async (name, token) =>
        {
            var id = new SessionId($"{SessionKinds.Recovery}-{name}");
            var request = new StartRecovery { Kind = RecoveryKind.Failover, Application = name, Reason = "the region is lost" };
            var result = await cluster.Client.GetGrain<IDrSessionGrain>(id.Value).Start(request, token);
            if (result.Outcome == StartOutcome.Refused)
            {
                throw new InvalidOperationException($"{name} is not evacuated: {result.Reason}");
            }
        });
        var left = names;
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                left = [.. left.Where(name => !world.Servers.Describe(new ClusterId(name)).Contains("promoted 1 times", StringComparison.Ordinal))];
                if (left.Length > 0)
                {
                    var session = await cluster.Client.GetSession(new SessionId($"{SessionKinds.Recovery}-{left[0]}")).Get(cancellationToken);
                    last = $"{left.Length} clusters have no new primary; {left[0]} is {session.Status} in {session.Phase}: {session.Outcome} {string.Join(", ", session.Steps.Select(step => $"{step.Step} {step.Status} {step.Reason} {string.Join(" ", step.Evidence)}"))}";
                }

                return left.Length == 0;
            },
            Patience,
            () => last,
            cancellationToken);
        return (Stopwatch.GetElapsedTime(begun).TotalSeconds, calls.Count - before);
    }

    private static async Task CalmAsync(IGrainFactory grains, string[] names, CancellationToken cancellationToken)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                foreach (var name in names)
                {
                    var status = await grains.GetGrain<IDatabaseClusterGrain>(name).GetStatus(cancellationToken);
                    if (status.PrimaryRegion is null || !status.Findings.IsEmpty)
                    {
                        last = $"{name}: {string.Join("; ", status.Findings)}";
                        return false;
                    }
                }

                return true;
            },
            Patience,
            () => last,
            cancellationToken);
    }

    private sealed class CallCounter : IIncomingGrainCallFilter
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            Interlocked.Increment(ref _count);
            return context.Invoke();
        }
    }
}
