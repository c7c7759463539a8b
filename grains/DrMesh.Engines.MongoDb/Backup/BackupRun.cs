using System.Globalization;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb.ReplicaSet;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Backup;

/// <summary>
/// One backup from one member: the majority's position, all collections as the majority has them (each a little later than the one before), the position again, and the oplog
/// between the two, which makes it one state.
/// </summary>
internal sealed class BackupRun(IMongoClient member, MongoMember source, MongoSet set, IBackupWriter writer, TimeProvider time)
{
    private long _documents;
    private long _collections;

    /// <summary>Documents read.</summary>
    public long Documents => _documents;

    /// <summary>Collections with data.</summary>
    public long Collections => _collections;

    public async Task<BackupCompletion> RunAsync(int parallelism, IProgress<BackupStatistics>? progress, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var before = await SetObserver.CommittedAsync(member, cancellationToken);
        var start = await OplogWindow.StartAsync(member, before, cancellationToken);
        var window = new OplogWindow(member, source.Host, start);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var recording = window.RecordAsync(writer, at, stop.Token);
        var collections = await CollectionLister.ListAsync(member, cancellationToken);
        var reading = ReadAsync(collections, parallelism, at, progress, stop.Token);
        if (await Task.WhenAny(reading, recording) == recording && !recording.IsCompletedSuccessfully)
        {
            // Without its oplog the data is of no use.
            await stop.CancelAsync();
            await reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            await recording;
        }

        try
        {
            await reading;
        }
        catch
        {
            await stop.CancelAsync();
            await recording.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }

        var committed = await SetObserver.CommittedAsync(member, cancellationToken);
        window.EndAt(committed);
        await recording;
        var position = window.Recorded > committed ? window.Recorded : committed;
        progress?.Report(writer.Statistics);
        var build = await member.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("buildInfo", 1), cancellationToken: cancellationToken);
        return new BackupCompletion
        {
            CompletedAt = time.GetUtcNow(),
            Facts = new Dictionary<string, string>
            {
                [MongoFacts.ReplicaSet] = set.Name,
                [MongoFacts.Member] = source.Host,
                [MongoFacts.ServerVersion] = build["version"].AsString,
                [MongoFacts.OplogStart] = start.Position.ToString(),
                [MongoFacts.Position] = position.ToString(),
                [MongoFacts.Collections] = _collections.ToString(CultureInfo.InvariantCulture),
                [MongoFacts.Documents] = _documents.ToString(CultureInfo.InvariantCulture),
            },
        };
    }

    private async Task ReadAsync(
        IReadOnlyList<CollectionInfo> collections, int parallelism, DateTimeOffset at, IProgress<BackupStatistics>? progress, CancellationToken cancellationToken)
    {
        foreach (var database in collections.Select(info => info.Database).Distinct(StringComparer.Ordinal))
        {
            await writer.AddFileAsync(DumpFile.Directory(database, at), cancellationToken);
        }

        await Parallel.ForEachAsync(
            collections, new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken }, async (info, token) =>
            {
                var gatherer = new PieceGatherer(writer);
                // A time-series collection's description lies under its own name, its data under that of its buckets.
                if (!info.IsBuckets)
                {
                    await DumpFile.AddAsync(gatherer, DumpPaths.Metadata(info.Database, info.Name), info.ToMetadata(), at, token);
                }

                if (info.HasData)
                {
                    await ReadAsync(info, gatherer, at, token);
                }

                await gatherer.FlushAsync(token);
                progress?.Report(writer.Statistics);
            });
    }

    private async Task ReadAsync(CollectionInfo info, PieceGatherer gatherer, DateTimeOffset at, CancellationToken cancellationToken)
    {
        const int QueryPlanKilled = 175;
        var chunker = new DocumentChunker(writer, gatherer, DumpPaths.Data(info.Database, info.Name));
        var collection = member.GetDatabase(info.Database).GetCollection<RawBsonDocument>(info.Name).WithReadConcern(ReadConcern.Majority);
        try
        {
            using var cursor = await collection.FindAsync(
                FilterDefinition<RawBsonDocument>.Empty, new FindOptions<RawBsonDocument> { NoCursorTimeout = true }, cancellationToken);
            while (await cursor.MoveNextAsync(cancellationToken))
            {
                foreach (var document in cursor.Current)
                {
                    using (document)
                    {
                        await chunker.AddAsync(RawBson.ToBytes(document), cancellationToken);
                    }
                }
            }
        }
        catch (MongoCommandException exception) when (exception.Code == QueryPlanKilled)
        {
            // It was dropped; so says the oplog of the window, and replaying it drops what was read so far.
        }

        await chunker.FinishAsync(at, cancellationToken);
        Interlocked.Add(ref _documents, chunker.Count);
        Interlocked.Increment(ref _collections);
    }
}
