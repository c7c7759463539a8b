using System.Diagnostics;
using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Client;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.FakeMongoServer.Replication;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;

namespace DrMesh.Benchmarks.Unified;

/// <summary>
/// An application of a real PostgreSQL server, a fake replica set and a tree, under a real silo, written to by four threads at full speed. All of it shares this machine with the writers, so the
/// throughput's ratio is of a machine without room to spare.
/// </summary>
internal static class PointRounds
{
    private const int Threads = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(8);

    public static async Task<IReadOnlyList<Measurement>> MeasureAsync(int runs, Action<string> progress, CancellationToken cancellationToken)
    {
        // Given back last: the silo writes into it until it ends.
        using var place = await TestDirectory.CreateAsync();
        await using var mesh = await MeshFixture.StartNewAsync("east");
        await using var server = await PostgresServer.StartNewAsync();
        await using var set = FakeReplicaSet.Start(name: "carts");
        await using var gate = new GateServer();
        var tree = Directory.CreateDirectory(Path.Combine(place.Path, "uploads")).FullName;
        SampleTree.Create(Path.Combine(tree, "old"), 50_000_000);
        await server.ExecuteAsync("create table orders (id uuid primary key); create table old as select i, md5(i::text) from generate_series(1, 500000) i");
        await mesh.DrMeshAsync("repo", "keygen", Path.Combine(place.Path, "key"));
        var figures = new List<Measurement>();
        await using var writers = new OrderLoad(Threads, gate, server.ConnectionString, set.ConnectionString, tree);
        await using var client = await mesh.ConnectAsync();
        foreach (var mode in new[] { "fence", "marker" })
        {
            var estate = Path.Combine(place.Path, "estate.yaml");
            await File.WriteAllTextAsync(estate, Estate(place.Path, tree, server, set, gate, mode), cancellationToken);
            await mesh.DrMeshAsync("estate", "apply", estate, "--yes");
            // The first is full; what is measured is what an application sees every hour.
            await BackUpAsync(client, writers, cancellationToken);
            var (lengths, ratios) = (new List<double>(), new List<double>());
            for (var run = 0; run < runs; run++)
            {
                var calm = await RateAsync(writers, cancellationToken);
                var (backup, during) = await BackUpAsync(client, writers, cancellationToken);
                lengths.Add((mode == "fence" ? backup.Held : backup.Window).TotalMilliseconds);
                ratios.Add(during / calm);
                progress(string.Create(CultureInfo.InvariantCulture, $"{mode}: {lengths[^1]:0} ms; {during:0} orders/s during the backup, {calm:0} before it"));
            }

            figures.Add(Measurement.Median(mode == "fence" ? "fence: writes held" : "marker: window", "ms", lengths));
            figures.Add(Measurement.Median($"{mode}: writers' throughput while a backup runs, against none", "ratio", ratios));
        }

        return figures;
    }

    private static async Task<double> RateAsync(OrderLoad writers, CancellationToken cancellationToken)
    {
        var (before, began) = (writers.Written, Stopwatch.GetTimestamp());
        await Task.Delay(Calm, TimeProvider.System, cancellationToken);
        return (writers.Written - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<(UnifiedBackupEntry Backup, double Rate)> BackUpAsync(MeshConnection mesh, OrderLoad writers, CancellationToken cancellationToken)
    {
        var session = SessionId.Create(SessionKinds.UnifiedBackup, TimeProvider.System.GetUtcNow(), Random.Shared.Next());
        var (before, began) = (writers.Written, Stopwatch.GetTimestamp());
        var started = await mesh.Grains.GetGrain<IUnifiedBackupSessionGrain>(session.Value).Start(new StartUnifiedBackup { Application = "shop" }, cancellationToken);
        if (started.Outcome == StartOutcome.Refused)
        {
            throw new DrMeshException(started.Error!.Value, started.Reason!, started.Hint!);
        }

        SessionSummary? last = null;
        await Eventually.HoldsAsync(
            async () => (last = await mesh.Grains.GetSession(session).Get(cancellationToken)).IsEnded, Patience, () => $"{session} stands at {last?.Phase}", cancellationToken);
        var rate = (writers.Written - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        return last!.Status == SessionStatus.Succeeded
            ? ((await mesh.Grains.GetGrain<IApplicationBackupsGrain>("shop").Find(new BackupId(session.Value), cancellationToken))!, rate)
            : throw new DrMeshException(DrMeshError.PointNotTaken, $"{session} ended {last.Status}: {last.Outcome}", "see the silo's log");
    }

    private static string Estate(string place, string tree, PostgresServer server, FakeReplicaSet set, GateServer gate, string mode) => OneServerEstate.Text(
        place,
        server,
        $$"""
          carts:
            engine: mongodb
            policy: standard
            primaryRegion: east
            replicaSet: carts
            tls: disable
            members:
        {{string.Join('\n', set.Members.Select(member => string.Create(CultureInfo.InvariantCulture, $"      carts-{member.Id}: {{ node: east/node-1, port: {member.Port} }}")))}}
        fileTrees:
          uploads:
            policy: standard
            primaryRegion: east
            members:
              uploads-1: { node: east/node-1, path: {{tree}} }
        hooks:
          gate: { webhook: { url: "{{gate.Url}}" } }
        applications:
          shop:
            policy: standard
            clusters: [orders, carts]
            fileTrees: [uploads]
            consistency: { mode: {{mode}}, fenceLimit: 20s, markerWindow: 20s }
            state: { quiesce: gate, resume: gate, deadManLimit: 1m }
        """);
}
