using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb.Backup;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Restore;

/// <summary>One restore: look, plan the oplog, create, load, replay, views and indexes, users.</summary>
internal sealed class RestoreRun(IBackupReader backup, ILogArchive archive, IMongoClient target, MongoRestoreRequest request)
{
    private readonly Catalogue _catalogue = new();
    private readonly CollectionLoader _loader = new(target, backup);
    private readonly Dictionary<string, BackupFile> _data = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private long _documents;
    private long _done;
    private long _total;

    public async Task<MongoRestoreReport> RunAsync(IProgress<RestoreProgress>? progress, CancellationToken cancellationToken)
    {
        var position = Fact(MongoFacts.Position);
        // All that can be wrong with the request is found before anything is written.
        var slices = await new OplogPlan(backup.Summary.Id, archive, request).FindAsync(position, cancellationToken);
        await ReadCatalogueAsync(cancellationToken);
        await PrepareTargetAsync(cancellationToken);

        await LoadAsync(progress, cancellationToken);
        var replay = new OplogReplay(target, _catalogue, request, position);
        await ReplayWindowAsync(replay, position, cancellationToken);
        await ReplaySlicesAsync(replay, position, slices, cancellationToken);
        await replay.FlushAsync(cancellationToken);

        await MakeViewsAsync(cancellationToken);
        long indexes = 0;
        foreach (var info in _catalogue.Entries.Where(info => info.Type != "view" && !IsAuthorization(info)))
        {
            indexes += await _loader.BuildIndexesAsync(info, cancellationToken);
        }

        return new MongoRestoreReport
        {
            Reached = replay.Reached > position ? replay.Reached : position,
            Collections = _data.Count,
            Documents = _documents,
            Replayed = replay.Replayed,
            TransactionsLeftOut = replay.TransactionsLeftOut,
            Indexes = indexes,
            Warnings = _warnings,
        };
    }

    /// <summary>The target's own collections. Those of the backup's names are dropped by a restore, and those of names that the log creates after the backup, which nobody knows before it is replayed.</summary>
    public static async Task<IReadOnlyList<string>> FindCollectionsAsync(IMongoClient target, string? only, CancellationToken cancellationToken)
    {
        using var databases = await target.ListDatabaseNamesAsync(cancellationToken);
        var found = new List<string>();
        foreach (var database in (await databases.ToListAsync(cancellationToken)).Where(name => (only is null || name == only) && name != "admin" && SystemNamespaces.IsBackedUp(name)).Order(StringComparer.Ordinal))
        {
            using var names = await target.GetDatabase(database).ListCollectionNamesAsync(cancellationToken: cancellationToken);
            found.AddRange((await names.ToListAsync(cancellationToken)).Where(name => SystemNamespaces.IsBackedUp(database, name)).Order(StringComparer.Ordinal).Select(name => $"{database}.{name}"));
        }

        return found;
    }

    private async Task ReadCatalogueAsync(CancellationToken cancellationToken)
    {
        var paths = new Dictionary<string, BackupFile>(StringComparer.Ordinal);
        await foreach (var file in backup.FilesAsync(cancellationToken))
        {
            if (file.Kind == BackupFileKind.File && file.Path.Contains('/', StringComparison.Ordinal) && (request.Database is null || file.Path.Split('/')[0] == request.Database))
            {
                paths[file.Path] = file;
            }
        }

        foreach (var (path, file) in paths.Where(pair => pair.Key.EndsWith(DumpPaths.MetadataSuffix, StringComparison.Ordinal)))
        {
            var database = path.Split('/')[0];
            var info = CollectionInfo.FromMetadata(database, await BackupDocuments.ReadAllAsync(backup, file, cancellationToken));
            _catalogue.Add(info);
            var data = info.Type == "timeseries" ? $"system.buckets.{info.Name}" : info.Name;
            if (info.Type != "view" && paths.TryGetValue(DumpPaths.Data(database, data), out var content))
            {
                _data[$"{database}.{data}"] = content;
                _total += content.Length;
            }
        }

        if (request.Database is not null && paths.Count == 0)
        {
            _warnings.Add($"the backup has no database {request.Database}");
        }
    }

    private async Task PrepareTargetAsync(CancellationToken cancellationToken)
    {
        var present = await PresentAsync(cancellationToken);
        if (present.Count > 0 && !request.DropExisting)
        {
            throw MongoErrors.NotEmpty(present.Select(info => info.Namespace));
        }

        foreach (var info in present)
        {
            await target.GetDatabase(info.Database).DropCollectionAsync(info.Name, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<CollectionInfo>> PresentAsync(CancellationToken cancellationToken)
    {
        var found = new List<CollectionInfo>();
        foreach (var database in _catalogue.Entries.Select(info => info.Database).Distinct(StringComparer.Ordinal).ToList())
        {
            using var names = await target.GetDatabase(database).ListCollectionNamesAsync(cancellationToken: cancellationToken);
            var present = (await names.ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
            found.AddRange(_catalogue.Entries.Where(info => info.Database == database && present.Contains(info.Name) && !IsAuthorization(info)));
        }

        return found;
    }

    private Task LoadAsync(IProgress<RestoreProgress>? progress, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        _catalogue.Entries.Where(info => info.Type != "view").ToList(),
        new ParallelOptions { MaxDegreeOfParallelism = request.Parallelism > 0 ? request.Parallelism : Environment.ProcessorCount, CancellationToken = cancellationToken },
        async (info, token) =>
        {
            if (IsAuthorization(info))
            {
                await new AuthorizationRestore(target, _loader).RestoreAsync(info, _data[info.Namespace], token);
                return;
            }

            await _loader.CreateAsync(info, token);
            var name = info.Type == "timeseries" ? $"system.buckets.{info.Name}" : info.Name;
            if (_data.TryGetValue($"{info.Database}.{name}", out var file))
            {
                Interlocked.Add(ref _documents, await _loader.LoadAsync(
                    info.Database, name, file, bytes => progress?.Report(new RestoreProgress(Interlocked.Add(ref _done, bytes), _total)), token));
            }
        });

    private async Task ReplayWindowAsync(OplogReplay replay, OpTime position, CancellationToken cancellationToken)
    {
        var file = await backup.FindFileAsync(DumpPaths.Oplog, cancellationToken) ?? throw MongoErrors.Damaged(backup.Summary.Id, $"{DumpPaths.Oplog} is missing");
        await foreach (var entry in BackupDocuments.ReadAsync(backup, file, cancellationToken))
        {
            await replay.AddAsync(entry, cancellationToken);
        }

        if (replay.Reached != default && replay.Reached != position)
        {
            throw MongoErrors.Damaged(backup.Summary.Id, $"its oplog ends at {replay.Reached}, not at {position}");
        }
    }

    private async Task ReplaySlicesAsync(OplogReplay replay, OpTime position, OplogPlan.Slices slices, CancellationToken cancellationToken)
    {
        foreach (var name in slices.Names)
        {
            var content = await archive.ReadAsync(name.ToLogName(), cancellationToken) ?? throw MongoErrors.OplogMissing(backup.Summary.Id, name.From, name.To, null);
            foreach (var entry in RawBson.Split(content.Content))
            {
                using var document = RawBson.Wrap(entry);
                var at = BsonOpTime.Of(document);
                if (at <= position || at <= replay.Reached || at > slices.Until)
                {
                    continue;
                }

                if (request.UntilTime is { } time && IsAfter(document, at, time))
                {
                    return;
                }

                await replay.AddAsync(entry, cancellationToken);
            }
        }
    }

    private async Task MakeViewsAsync(CancellationToken cancellationToken)
    {
        foreach (var view in _catalogue.Entries.Where(info => info.Type == "view"))
        {
            await _loader.CreateAsync(view, cancellationToken);
        }
    }

    // The first operation later than the moment ends the replay, and so keeps the oplog's order. One without a wall clock counts as written at the end of its second.
    private static bool IsAfter(RawBsonDocument entry, OpTime at, DateTimeOffset time) =>
        at.Seconds > time.ToUnixTimeSeconds() || (at.Seconds == time.ToUnixTimeSeconds() && (!entry.TryGetValue("wall", out var wall) || wall.ToUniversalTime() > time.UtcDateTime));

    private static bool IsAuthorization(CollectionInfo info) => info.Database == "admin" && info.Name.StartsWith("system.", StringComparison.Ordinal);

    private OpTime Fact(string name) =>
        OpTime.TryParse(backup.Summary.Facts.GetValueOrDefault(name), out var position) ? position : throw MongoErrors.Damaged(backup.Summary.Id, $"it has no usable fact {name}");
}
