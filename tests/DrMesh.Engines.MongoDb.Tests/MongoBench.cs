using System.Text;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.FakeMongoServer.Replication;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Tests;

/// <summary>A set to back up, a set to restore into, a real repository, the engine.</summary>
internal sealed class MongoBench : IAsyncDisposable
{
    private readonly TestDirectory _directory;

    private MongoBench(TestDirectory directory, IBackupRepository repository)
    {
        _directory = directory;
        Repository = repository;
        Client = new MongoClient(Source.ConnectionString);
        TargetClient = new MongoClient(Target.ConnectionString);
    }

    public FakeReplicaSet Source { get; } = FakeReplicaSet.Start();

    public FakeReplicaSet Target { get; } = FakeReplicaSet.Start(1, "target");

    public MongoClient Client { get; }

    public MongoClient TargetClient { get; }

    public IBackupRepository Repository { get; }

    public IMongoEngine Engine { get; } = new MongoEngine(TimeProvider.System, NullLogger<MongoEngine>.Instance);

    public ILogArchive Log => Repository.OpenLog("orders", LocalRepository.Tier);

    public string Directory => _directory.Path;

    /// <summary>Where an archive that runs beside a test may end; beyond everything until the test knows.</summary>
    public OpTime ArchiveTarget { get; set; } = new(uint.MaxValue, 0, 0);

    public static async Task<MongoBench> CreateAsync()
    {
        var directory = await TestDirectory.CreateAsync();
        return new MongoBench(directory, await LocalRepository.OpenAsync(Path.Combine(directory.Path, "repository")));
    }

    public IMongoCollection<BsonDocument> Collection(string name, string database = "shop") =>
        Client.GetDatabase(database).GetCollection<BsonDocument>(name).WithWriteConcern(WriteConcern.WMajority);

    public async Task<OpTime> BackupAsync(string id = "b1")
    {
        var commit = await Engine.BackupAsync(Repository, new MongoBackupRequest
        {
            Draft = new BackupDraft { Id = new BackupId(id), Engine = MongoFacts.Engine, Source = "orders", StartedAt = TimeProvider.System.GetUtcNow() },
            Address = new MongoAddress(Source.ConnectionString),
        });
        return OpTime.TryParse(commit.Summary.Facts[MongoFacts.Position], out var position) ? position : throw new InvalidDataException("no position");
    }

    public Task<MongoRestoreReport> RestoreAsync(OpTime? until = null, string? database = null, bool drop = false, string id = "b1") =>
        Engine.RestoreAsync(Repository, new MongoRestoreRequest
        {
            Backup = new BackupId(id),
            Target = new MongoAddress(Target.ConnectionString),
            Until = until,
            Database = database,
            DropExisting = drop,
        });

    /// <summary>Archives the source's oplog until the archive reaches a position.</summary>
    public async Task ArchiveUntilAsync(Func<OpTime> reached, ILogArchive? archive = null, Action<OplogArchiveEvent>? seen = null, OplogArchiveRequest? request = null)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await foreach (var happened in Engine.ArchiveAsync(archive ?? Log, request ?? ArchiveRequest(), stop.Token))
        {
            seen?.Invoke(happened);
            if (happened.Kind == OplogArchiveEventKind.Stored && happened.Slice.To >= reached())
            {
                return;
            }
        }

        throw new TimeoutException($"the archive did not reach {reached()}");
    }

    /// <summary>Starts an archive that ends at <see cref="ArchiveTarget"/>; returns when it holds something.</summary>
    public async Task<Task> StartArchiveAsync()
    {
        var stored = new TaskCompletionSource();
        var archive = ArchiveUntilAsync(
            () => ArchiveTarget,
            seen: happened =>
            {
                if (happened.Kind == OplogArchiveEventKind.Stored)
                {
                    stored.TrySetResult();
                }
            });
        while (!stored.Task.IsCompleted && !archive.IsCompleted)
        {
            await Collection("warm", "warm").InsertOneAsync([], cancellationToken: TestContext.Current.CancellationToken);
            await Task.WhenAny(stored.Task, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        return archive;
    }

    /// <summary>Lets an archive end once it has all that was written so far, or <paramref name="target"/>.</summary>
    public async Task EndArchiveAsync(Task archive, OpTime? target = null)
    {
        ArchiveTarget = target ?? Committed();
        // The target may be stored already: the archive looks again when it stores something more.
        await Collection("warm", "warm").InsertOneAsync([], cancellationToken: TestContext.Current.CancellationToken);
        await archive;
    }

    public OplogArchiveRequest ArchiveRequest() => new()
    {
        Address = new MongoAddress(Source.ConnectionString),
        SpoolDirectory = Path.Combine(Directory, "spool"),
        SliceAge = TimeSpan.FromMilliseconds(50),
        RetryDelay = TimeSpan.FromMilliseconds(50),
    };

    /// <summary>The source's last operation that a majority has.</summary>
    public OpTime Committed() => Of(Source.Primary!.CommitPoint);

    public static OpTime Of(FakeOpTime position) => new((uint)position.Timestamp.Timestamp, (uint)position.Timestamp.Increment, position.Term);

    public async Task<List<OplogSliceName>> SlicesAsync()
    {
        var names = new List<OplogSliceName>();
        await foreach (var entry in Log.ListAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            OplogSliceName.TryParse(entry.Name, out var name).ShouldBeTrue(entry.Name.ToString());
            names.Add(name);
        }

        return names;
    }

    /// <summary>Every document of the source as it was at a position.</summary>
    public async Task<string> SourceAsOfAsync(OpTime position, params string[] databases) => await ContentAsync(Client, databases, new BsonDocument
    {
        { "level", "snapshot" }, { "atClusterTime", new BsonTimestamp((int)position.Seconds, (int)position.Increment) },
    });

    /// <summary>Every document of the target now.</summary>
    public Task<string> TargetAsync(params string[] databases) => ContentAsync(TargetClient, databases, null);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        TargetClient.Dispose();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        await Repository.DisposeAsync();
        _directory.Dispose();
    }

    // A long document by its hash, so that a difference can be read.
    private static string Line(BsonValue document) =>
        document.ToJson() is { Length: > 300 } text ? $"{document["_id"]} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)))}" : document.ToJson();

    private static async Task<string> ContentAsync(MongoClient client, string[] databases, BsonDocument? concern)
    {
        var stop = TestContext.Current.CancellationToken;
        var text = new StringBuilder();
        foreach (var database in databases)
        {
            using var names = await client.GetDatabase(database).ListCollectionNamesAsync(new ListCollectionNamesOptions { Filter = new BsonDocument("type", "collection") }, stop);
            // What existed then and was dropped since is known by the oplog only.
            var created = await client.GetDatabase("local").GetCollection<BsonDocument>("oplog.rs")
                .Find(new BsonDocument { { "ns", $"{database}.$cmd" }, { "o.create", new BsonDocument("$exists", true) }, { "o.viewOn", new BsonDocument("$exists", false) } }).ToListAsync(stop);
            foreach (var name in (await names.ToListAsync(stop)).Union(created.Select(entry => entry["o"]["create"].AsString)).Order(StringComparer.Ordinal))
            {
                var find = new BsonDocument { { "find", name }, { "sort", new BsonDocument("_id", 1) }, { "batchSize", 1_000_000 } };
                if (concern is not null)
                {
                    find["readConcern"] = concern;
                }

                var reply = await client.GetDatabase(database).RunCommandAsync<BsonDocument>(find, cancellationToken: stop);
                var documents = reply["cursor"]["firstBatch"].AsBsonArray;
                if (documents.Count > 0)
                {
                    text.AppendLine($"{database}.{name}").AppendJoin('\n', documents.Select(Line)).AppendLine();
                }
            }
        }

        return text.ToString();
    }
}
