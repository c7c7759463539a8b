using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb;
using DrMesh.FakeMongoServer.Replication;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Benchmarks.Unified;

/// <summary>How long after a majority acknowledged an operation the oplog archive holds it, at a steady load and with the archive's usual slices of one second.</summary>
internal static class OplogRounds
{
    private const int OperationsPerSecond = 500;
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<Measurement>> MeasureAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress("MongoDB oplog archive");
        using var place = await TestDirectory.CreateAsync();
        await using var set = FakeReplicaSet.Start();
        await using var repository = await LocalRepository.OpenAsync(Path.Combine(place.Path, "repository"));
        var waiting = new ConcurrentQueue<(BsonTimestamp At, long Acknowledged)>();
        var lags = new List<double>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var archived = Task.Run(() => ArchiveAsync(set, repository.OpenLog("bench", LocalRepository.Tier), Path.Combine(place.Path, "spool"), waiting, lags, stop.Token), CancellationToken.None);
        var written = await WriteAsync(set, waiting, cancellationToken);
        await Eventually.HoldsAsync(() => Task.FromResult(waiting.IsEmpty || archived.IsCompleted), TimeSpan.FromSeconds(30), () => $"{waiting.Count} operations are not archived", cancellationToken);
        await stop.CancelAsync();
        await archived;
        lags.Sort();
        var load = string.Create(CultureInfo.InvariantCulture, $"oplog archive, fake server, {written / Load.TotalSeconds:0} operations/s, slices of 1 s");
        return
        [
            new Measurement($"{load}: lag p50", "s", lags[lags.Count / 2], null, lags.Count),
            new Measurement($"{load}: lag p99", "s", lags[lags.Count * 99 / 100], null, lags.Count),
        ];
    }

    private static async Task ArchiveAsync(
        FakeReplicaSet set, Core.Backups.Logs.ILogArchive log, string spool, ConcurrentQueue<(BsonTimestamp At, long Acknowledged)> waiting, List<double> lags, CancellationToken cancellationToken)
    {
        var engine = new MongoEngine(TimeProvider.System, NullLogger<MongoEngine>.Instance);
        var request = new OplogArchiveRequest { Address = new MongoAddress(set.ConnectionString), SpoolDirectory = spool };
        try
        {
            await foreach (var happened in engine.ArchiveAsync(log, request, cancellationToken))
            {
                if (happened.Kind != OplogArchiveEventKind.Stored)
                {
                    continue;
                }

                var to = new BsonTimestamp((int)happened.Slice.To.Seconds, (int)happened.Slice.To.Increment);
                while (waiting.TryPeek(out var first) && first.At <= to && waiting.TryDequeue(out first))
                {
                    lags.Add(Stopwatch.GetElapsedTime(first.Acknowledged).TotalSeconds);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The load is over.
        }
    }

    private static async Task<int> WriteAsync(FakeReplicaSet set, ConcurrentQueue<(BsonTimestamp At, long Acknowledged)> waiting, CancellationToken cancellationToken)
    {
        using var client = new MongoClient(set.ConnectionString);
        var documents = client.GetDatabase("bench").GetCollection<BsonDocument>("load").WithWriteConcern(WriteConcern.WMajority);
        using var session = await client.StartSessionAsync(cancellationToken: cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var written = 0;
        while (Stopwatch.GetElapsedTime(began) < Load)
        {
            await documents.InsertOneAsync(session, new BsonDocument { { "_id", written }, { "text", new string('x', 300) } }, cancellationToken: cancellationToken);
            waiting.Enqueue((session.OperationTime, Stopwatch.GetTimestamp()));
            var due = TimeSpan.FromSeconds(++written / (double)OperationsPerSecond) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.FromMilliseconds(2))
            {
                await Task.Delay(due, TimeProvider.System, cancellationToken);
            }
        }

        return written;
    }
}
