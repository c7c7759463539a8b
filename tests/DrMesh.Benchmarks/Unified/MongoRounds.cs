using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Benchmarks.Postgres;
using DrMesh.FakeMongoServer.Replication;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Benchmarks.Unified;

/// <summary>Backup and restore of a replica set. The server is a fake that keeps everything in memory behind one lock and runs on the same machine: what is measured is the whole way, its end included.</summary>
internal static class MongoRounds
{
    private const int DocumentBytes = 1000;

    public static async Task<IReadOnlyList<Measurement>> MeasureAsync(long bytes, int runs, Action<string> progress, CancellationToken cancellationToken)
    {
        await using var source = FakeReplicaSet.Start();
        await using var target = FakeReplicaSet.Start(1, "target");
        await FillAsync(source, bytes, cancellationToken);
        var megabytes = bytes / 1e6;
        List<MeasuredRun> backups = [];
        List<MeasuredRun> restores = [];
        for (var run = 1; run <= runs; run++)
        {
            var (store, opened) = await Bench.CreateRepositoryAsync();
            using var repository = store;
            var step = new UnifiedStep { Verb = "mongo-backup", Url = opened.Url, Key = opened.Key, Place = source.ConnectionString, Backup = "b" };
            backups.Add(await step.MeasureAsync(cancellationToken));
            restores.Add(await (step with { Verb = "mongo-restore", Place = target.ConnectionString }).MeasureAsync(cancellationToken));
            progress(string.Create(CultureInfo.InvariantCulture, $"MongoDB (fake server), run {run} of {runs}: backup {backups[^1].Seconds:0.00} s, restore {restores[^1].Seconds:0.00} s"));
        }

        return
        [
            Measurement.Median("MongoDB, fake server, backup, throughput", "MB/s", [.. backups.Select(run => megabytes / run.Seconds)]),
            Measurement.Median("MongoDB, fake server, backup, processor", "s", [.. backups.Select(run => run.CpuSeconds)]),
            Measurement.Median("MongoDB, fake server, restore, throughput", "MB/s", [.. restores.Select(run => megabytes / run.Seconds)]),
            Measurement.Median("MongoDB, fake server, restore, processor", "s", [.. restores.Select(run => run.CpuSeconds)]),
        ];
    }

    private static async Task FillAsync(FakeReplicaSet set, long bytes, CancellationToken cancellationToken)
    {
        using var client = new MongoClient(set.ConnectionString);
        var random = new Random(20261124);
        for (long written = 0, collection = 0; written < bytes; collection++)
        {
            var documents = client.GetDatabase("bench").GetCollection<BsonDocument>($"c{collection % 8}");
            var batch = Enumerable.Range(0, 1000).Select(number =>
            {
                var noise = new byte[DocumentBytes / 2];
                random.NextBytes(noise);
                return new BsonDocument { { "_id", ObjectId.GenerateNewId() }, { "number", number }, { "text", new string('x', DocumentBytes / 3) }, { "noise", noise } };
            }).ToArray();
            await documents.InsertManyAsync(batch, cancellationToken: cancellationToken);
            written += 1000L * DocumentBytes;
        }
    }
}
