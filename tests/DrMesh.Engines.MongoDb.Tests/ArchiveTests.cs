using System.Collections.Concurrent;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.TestKit;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Tests;

/// <summary>The archive holds each majority-committed operation once and in order, whatever happens to set, store and process.</summary>
public sealed class ArchiveTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Archive_StoppedAndStartedAgain_GoesOnWhereItEnded()
    {
        await using var bench = await MongoBench.CreateAsync();
        await bench.EndArchiveAsync(await bench.StartArchiveAsync());
        for (var round = 1; round < 3; round++)
        {
            await InsertAsync(bench, round * 10_000, 100);
            await bench.ArchiveUntilAsync(bench.Committed);
        }

        await HoldsEveryOperationAsync(bench);
    }

    [Fact]
    public async Task Archive_ToldWhereToStart_FillsWhatIsMissingBeforeAnother()
    {
        await using var bench = await MongoBench.CreateAsync();
        await InsertAsync(bench, 0, 10);
        var from = await bench.BackupAsync();
        await InsertAsync(bench, 1_000, 10);
        await bench.EndArchiveAsync(await bench.StartArchiveAsync());
        (await bench.SlicesAsync()).ShouldNotContain(slice => slice.From <= from, "the archive began after the backup");
        var to = bench.Committed();

        await bench.ArchiveUntilAsync(() => to, request: bench.ArchiveRequest() with { StartAt = from });

        OplogChain.Path(await bench.SlicesAsync(), from, to).ShouldNotBeNull();
        (await bench.RestoreAsync(to)).Reached.ShouldBe(to);
        (await bench.TargetAsync("shop")).ShouldBe(await bench.SourceAsOfAsync(to, "shop"));
    }

    [Fact]
    public async Task Archive_SourceKilled_AnotherMemberGoesOn()
    {
        await using var bench = await MongoBench.CreateAsync();
        var events = new ConcurrentQueue<OplogArchiveEvent>();
        var archive = bench.ArchiveUntilAsync(() => bench.ArchiveTarget, seen: events.Enqueue);
        await InsertUntilAsync(bench, 0, () => events.Any(happened => happened.Kind == OplogArchiveEventKind.Stored));

        var source = MongoSourceChoice.Choose((await bench.Engine.ObserveAsync(new(bench.Source.ConnectionString), Stop)).Members, new()).Member!.Host;
        bench.Source.Kill(bench.Source.Members.Single(member => member.Host == source));
        await InsertAsync(bench, 50_000, 50);
        await bench.EndArchiveAsync(archive);

        events.ShouldContain(happened => happened.Kind == OplogArchiveEventKind.SourceLost);
        events.ShouldNotContain(happened => happened.Kind == OplogArchiveEventKind.Hole);
        await HoldsEveryOperationAsync(bench);
    }

    [Fact]
    public async Task Archive_RolledBackOperations_AreNeverInIt()
    {
        await using var bench = await MongoBench.CreateAsync();
        // No secondary may be read: the archive follows the very member that will roll back.
        var request = bench.ArchiveRequest() with { Source = new MongoSourcePolicy { MaxLag = TimeSpan.FromSeconds(-1) } };
        var events = new ConcurrentQueue<OplogArchiveEvent>();
        var archive = bench.ArchiveUntilAsync(() => bench.ArchiveTarget, seen: events.Enqueue, request: request);
        await InsertUntilAsync(bench, 0, () => events.Any(happened => happened.Kind == OplogArchiveEventKind.Stored));
        var old = bench.Source.Primary!;
        bench.Source.Isolate(old);
        using (var direct = new MongoClient($"mongodb://{old.Host}/?directConnection=true"))
        {
            await direct.GetDatabase("shop").GetCollection<BsonDocument>("c").InsertManyAsync(
                Enumerable.Range(0, 20).Select(n => new BsonDocument("_id", $"lost {n}")), cancellationToken: Stop);
        }

        // The archive has them on its desk, and time to take them: several answers came since, each enough for a slice.
        var lost = old.LastApplied;
        await Eventually.HoldsAsync(() => Task.FromResult(old.OplogGiven == lost), TimeSpan.FromSeconds(60), () => $"the archive was given {old.OplogGiven}, not {lost}", Stop);
        var answers = old.OplogAnswers;
        await Eventually.HoldsAsync(() => Task.FromResult(old.OplogAnswers >= answers + 4), TimeSpan.FromSeconds(60), () => "the archive does not ask on", Stop);

        bench.Source.Heal(old);
        old.Rollbacks.ShouldBe(1);
        await InsertAsync(bench, 50_000, 20);
        await bench.EndArchiveAsync(archive);

        (await HoldsEveryOperationAsync(bench)).ShouldNotContain(entry => entry["op"] == "i" && entry["o"]["_id"].ToString()!.StartsWith("lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Archive_StoreAway_SpillsToDiskAndDropsNothing()
    {
        await using var bench = await MongoBench.CreateAsync();
        var store = new UnreliableLogArchive(bench.Log);
        var request = bench.ArchiveRequest() with { MemoryBytes = 2_000, SliceBytes = 1_000 };
        var events = new ConcurrentQueue<OplogArchiveEvent>();
        var archive = bench.ArchiveUntilAsync(() => bench.ArchiveTarget, store, events.Enqueue, request);
        await InsertUntilAsync(bench, 0, () => events.Any(happened => happened.Kind == OplogArchiveEventKind.Stored));

        store.IsAway = true;
        await InsertAsync(bench, 10_000, 200);
        await Eventually.HoldsAsync(
            () => Task.FromResult(events.Any(happened => happened.Kind == OplogArchiveEventKind.StoreFailed) && Directory.EnumerateFiles(request.SpoolDirectory, "*.slice").Count() > 3),
            TimeSpan.FromSeconds(60),
            () => "nothing was spilled",
            Stop);
        store.IsAway = false;
        // An archive that ends may leave in the spool what came after its target.
        await Eventually.HoldsAsync(
            () => Task.FromResult(!Directory.EnumerateFiles(request.SpoolDirectory).Any()), TimeSpan.FromSeconds(60), () => "what was spilled is not stored and forgotten", Stop);
        await bench.EndArchiveAsync(archive);

        events.ShouldContain(happened => happened.Kind == OplogArchiveEventKind.StoreFailed);
        await HoldsEveryOperationAsync(bench);
    }

    [Fact]
    public async Task Archive_StoppedWhileTheStoreIsAway_GoesOnFromTheSpool()
    {
        await using var bench = await MongoBench.CreateAsync();
        await InsertAsync(bench, 0, 1);
        await bench.EndArchiveAsync(await bench.StartArchiveAsync());
        await SpoolAsync(bench, 5_000);
        await InsertAsync(bench, 6_000, 5);
        await bench.ArchiveUntilAsync(bench.Committed);

        await HoldsEveryOperationAsync(bench);
    }

    [Fact]
    public async Task Archive_OplogCutOffMeanwhile_TellsTheHole()
    {
        await using var bench = await MongoBench.CreateAsync();
        await InsertAsync(bench, 0, 1);
        await bench.EndArchiveAsync(await bench.StartArchiveAsync());
        bench.Source.OplogLimit = 10;
        await InsertAsync(bench, 10_000, 50);
        bench.Source.OplogLimit = int.MaxValue;
        var events = new ConcurrentQueue<OplogArchiveEvent>();
        bench.ArchiveTarget = new OpTime(uint.MaxValue, 0, 0);

        var again = bench.ArchiveUntilAsync(() => bench.ArchiveTarget, seen: events.Enqueue);
        await InsertUntilAsync(bench, 20_000, () => events.Any(happened => happened.Kind == OplogArchiveEventKind.Stored));
        await bench.EndArchiveAsync(again);

        var hole = events.Single(happened => happened.Kind == OplogArchiveEventKind.Hole);
        hole.Failure!.Hint.ShouldContain("backup");
        var ranges = OplogChain.Ranges(await bench.SlicesAsync());
        ranges.Count.ShouldBe(2);
        hole.Slice.ShouldBe(new OplogSliceName(ranges[0].To, ranges[1].From));
    }

    [Fact]
    public async Task Archive_SpoolFull_ReadingStopsAndNothingIsDropped()
    {
        await using var bench = await MongoBench.CreateAsync();
        await InsertAsync(bench, 0, 1);
        await bench.EndArchiveAsync(await bench.StartArchiveAsync());
        var store = new UnreliableLogArchive(bench.Log) { IsAway = true };
        var request = bench.ArchiveRequest() with { MemoryBytes = 2_000, SliceBytes = 1_000, SpoolBytes = 6_000 };
        bench.ArchiveTarget = new OpTime(uint.MaxValue, 0, 0);
        var archive = bench.ArchiveUntilAsync(() => bench.ArchiveTarget, store, request: request);
        for (var round = 1; round <= 4; round++)
        {
            await InsertAsync(bench, round * 1_000, 50);
        }

        // More was written than fits: it fills up to its limit, and stays there while the store goes on refusing.
        await Eventually.HoldsAsync(() => Task.FromResult(Spooled() > request.SpoolBytes - 2_000), TimeSpan.FromSeconds(60), () => $"{Spooled()} bytes wait", Stop);
        var refused = store.Refused;
        await Eventually.HoldsAsync(() => Task.FromResult(store.Refused >= refused + 5), TimeSpan.FromSeconds(60), () => "the store is not tried again", Stop);
        Spooled().ShouldBeLessThanOrEqualTo(request.SpoolBytes);
        Directory.EnumerateFiles(request.SpoolDirectory).Append(request.SpoolDirectory)
            .ShouldAllBe(path => (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) == 0, "they are documents in the clear");

        store.IsAway = false;
        await bench.EndArchiveAsync(archive);
        await HoldsEveryOperationAsync(bench);

        long Spooled() => new DirectoryInfo(request.SpoolDirectory).EnumerateFiles("*.slice").Sum(file => file.Length);
    }

    [Fact]
    public async Task Archive_OfAnotherProcessWentOnMeanwhile_TheSpoolAddsNothingTwice()
    {
        await using var bench = await MongoBench.CreateAsync();
        await InsertAsync(bench, 0, 1);
        await bench.EndArchiveAsync(await bench.StartArchiveAsync());
        await SpoolAsync(bench, 5_000);
        // It cuts its slices elsewhere, so that no slice of the spool is one of the store's.
        await bench.ArchiveUntilAsync(bench.Committed, request: bench.ArchiveRequest() with { SpoolDirectory = Path.Combine(bench.Directory, "another"), SliceBytes = 500 });
        // Where the spool ends is in no oplog any more: only the store tells where to go on.
        bench.Source.OplogLimit = 5;
        await InsertAsync(bench, 6_000, 1);
        bench.Source.OplogLimit = int.MaxValue;
        var events = new ConcurrentQueue<OplogArchiveEvent>();

        await bench.ArchiveUntilAsync(bench.Committed, seen: events.Enqueue);

        events.ShouldNotContain(happened => happened.Kind == OplogArchiveEventKind.Hole);
        var slices = await bench.SlicesAsync();
        OplogChain.Ranges(slices).ShouldHaveSingleItem("there is a hole").Slices.Count.ShouldBe(slices.Count, "operations are archived twice");
        Directory.EnumerateFiles(bench.ArchiveRequest().SpoolDirectory).ShouldBeEmpty();
    }

    [Fact]
    public async Task Archive_StoredButKilledBeforeItForgot_StoresItOnce()
    {
        await using var bench = await MongoBench.CreateAsync();
        await InsertAsync(bench, 0, 1);
        await bench.EndArchiveAsync(await bench.StartArchiveAsync());
        var spool = await SpoolAsync(bench, 5_000);
        var copies = spool.ToDictionary(path => path, File.ReadAllBytes);
        await bench.ArchiveUntilAsync(bench.Committed);
        foreach (var (path, content) in copies)
        {
            await File.WriteAllBytesAsync(path, content, Stop);
        }

        await File.WriteAllBytesAsync(spool[0] + ".new", [1, 2, 3], Stop);
        await InsertAsync(bench, 6_000, 5);
        await bench.ArchiveUntilAsync(bench.Committed);

        await HoldsEveryOperationAsync(bench);
        Directory.EnumerateFiles(bench.ArchiveRequest().SpoolDirectory).ShouldBeEmpty();
    }

    [Fact]
    public async Task Archive_AnotherPrimaryElected_GoesOn()
    {
        await using var bench = await MongoBench.CreateAsync();
        var events = new ConcurrentQueue<OplogArchiveEvent>();
        var request = bench.ArchiveRequest() with { Source = new MongoSourcePolicy { MaxLag = TimeSpan.FromSeconds(-1) } };
        var archive = bench.ArchiveUntilAsync(() => bench.ArchiveTarget, seen: events.Enqueue, request: request);
        await InsertUntilAsync(bench, 0, () => events.Any(happened => happened.Kind == OplogArchiveEventKind.Stored));

        var old = bench.Source.Primary!;
        var elected = bench.Source.Elect(except: old)!;
        elected.ShouldNotBe(old);
        await Eventually.HoldsAsync(
            () => Task.FromResult(bench.Client.Cluster.Description.Servers.Any(server => server.Type == MongoDB.Driver.Core.Servers.ServerType.ReplicaSetPrimary && server.EndPoint.ToString()!.EndsWith($":{elected.Port}", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(30), () => "the client does not see the new primary", Stop);
        await InsertAsync(bench, 50_000, 20);
        await bench.EndArchiveAsync(archive);

        events.ShouldNotContain(happened => happened.Kind == OplogArchiveEventKind.Hole);
        (await bench.SlicesAsync()).Select(slice => slice.To.Term).Distinct().Count().ShouldBe(2, "the archive goes over the election");
        await HoldsEveryOperationAsync(bench);
    }

    [Fact]
    public async Task Archive_CursorLostWhileTheStoreWasAway_TellsTheHoleFromWhereItStood()
    {
        await using var bench = await MongoBench.CreateAsync();
        await InsertAsync(bench, 0, 1);
        await bench.EndArchiveAsync(await bench.StartArchiveAsync());
        var store = new UnreliableLogArchive(bench.Log);
        var request = bench.ArchiveRequest() with { MemoryBytes = 1_000, SliceBytes = 1_000, SpoolBytes = 3_000 };
        var events = new ConcurrentQueue<OplogArchiveEvent>();
        bench.ArchiveTarget = new OpTime(uint.MaxValue, 0, 0);
        var archive = bench.ArchiveUntilAsync(() => bench.ArchiveTarget, store, events.Enqueue, request);
        await InsertUntilAsync(bench, 1_000, () => events.Any(happened => happened.Kind == OplogArchiveEventKind.Stored));
        store.IsAway = true;
        await InsertAsync(bench, 10_000, 100);
        var refused = store.Refused;
        await Eventually.HoldsAsync(
            () => Task.FromResult(store.Refused >= refused + 3 && new DirectoryInfo(request.SpoolDirectory).EnumerateFiles("*.slice").Sum(file => file.Length) > 1_500),
            TimeSpan.FromSeconds(60), () => "nothing was spilled", Stop);
        bench.Source.OplogLimit = 10;
        await InsertAsync(bench, 20_000, 1_500);
        bench.Source.OplogLimit = int.MaxValue;
        store.IsAway = false;
        await InsertUntilAsync(bench, 30_000, () => events.Any(happened => happened.Kind == OplogArchiveEventKind.Hole));
        await bench.EndArchiveAsync(archive);

        var hole = events.Single(happened => happened.Kind == OplogArchiveEventKind.Hole);
        var ranges = OplogChain.Ranges(await bench.SlicesAsync());
        ranges.Count.ShouldBe(2);
        hole.Slice.ShouldBe(new OplogSliceName(ranges[0].To, ranges[1].From));
    }

    // What an archive leaves on disk that was ended while its store was away.
    private static async Task<string[]> SpoolAsync(MongoBench bench, int first)
    {
        var store = new UnreliableLogArchive(bench.Log) { IsAway = true };
        using (var stop = new CancellationTokenSource())
        {
            await using var events = bench.Engine.ArchiveAsync(store, bench.ArchiveRequest(), stop.Token).GetAsyncEnumerator(stop.Token);
            await InsertAsync(bench, first, 20);
            (await events.MoveNextAsync()).ShouldBeTrue();
            events.Current.Kind.ShouldBe(OplogArchiveEventKind.StoreFailed);
        }

        var left = Directory.EnumerateFiles(bench.ArchiveRequest().SpoolDirectory, "*.slice").Order(StringComparer.Ordinal).ToArray();
        left.ShouldNotBeEmpty();
        return left;
    }

    private static async Task InsertAsync(MongoBench bench, int first, int count) =>
        await bench.Collection("c").InsertManyAsync(Enumerable.Range(first, count).Select(n => new BsonDocument { { "_id", n }, { "pad", new string('p', 50) } }), cancellationToken: Stop);

    private static async Task InsertUntilAsync(MongoBench bench, int first, Func<bool> condition)
    {
        for (var n = first; !condition(); n++)
        {
            await InsertAsync(bench, n, 1);
        }
    }

    // Compares the archive, operation by operation, with the oplog of the primary.
    private static async Task<List<BsonDocument>> HoldsEveryOperationAsync(MongoBench bench)
    {
        var slices = await bench.SlicesAsync();
        var range = OplogChain.Ranges(slices).ShouldHaveSingleItem("there is a hole");
        range.Slices.Count.ShouldBe(slices.Count, "operations are archived twice");
        var archived = new List<BsonDocument>();
        foreach (var slice in range.Slices)
        {
            var content = await bench.Log.ReadAsync(slice.ToLogName(), Stop);
            archived.AddRange(RawBson.Split(content!.Content).Select(bytes => MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(bytes)));
        }

        var expected = bench.Source.Primary!.Oplog.Where(entry => BsonOpTime.Of(entry) > range.From && BsonOpTime.Of(entry) <= range.To);
        archived.ShouldBe(expected);
        return archived;
    }
}

/// <summary>A log archive that refuses writes when told to.</summary>
internal sealed class UnreliableLogArchive(ILogArchive inner) : ILogArchive
{
    public bool IsAway { get; set; }

    /// <summary>How many writes were refused.</summary>
    public int Refused { get; private set; }

    public string Source => inner.Source;

    public string Tier => inner.Tier;

    public Task<bool> WriteAsync(LogName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        IsAway ? throw Refuse() : inner.WriteAsync(name, content, cancellationToken);

    private DrMeshException Refuse()
    {
        Refused++;
        return new DrMeshException(DrMeshError.RepositoryUnreachable, "the store is away", "wait");
    }

    public Task WritePartialAsync(LogName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        inner.WritePartialAsync(name, content, cancellationToken);

    public Task<LogContent?> ReadAsync(LogName name, CancellationToken cancellationToken = default) => inner.ReadAsync(name, cancellationToken);

    public IAsyncEnumerable<LogEntry> ListAsync(LogName? from = null, LogName? to = null, CancellationToken cancellationToken = default) =>
        inner.ListAsync(from, to, cancellationToken);

    public Task<LogEntry?> LastAsync(string group, CancellationToken cancellationToken = default) => inner.LastAsync(group, cancellationToken);

    public Task<long> DeleteBeforeAsync(LogName before, CancellationToken cancellationToken = default) => inner.DeleteBeforeAsync(before, cancellationToken);
}
