using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Engines.MongoDb;
using DrMesh.FakeMongoServer.Replication;
using DrMesh.Grains.Backups.Archive;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Grains.Tests.Backups.Archive;

/// <summary>What a set's running archive tells of one tier.</summary>
public sealed class OplogTierRunTests
{
    private static readonly ClusterId Carts = new("carts");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_OplogCutOffWhileNothingRan_HoleIsShownUntilABackupHealsIt()
    {
        using var directory = await TestDirectory.CreateAsync();
        await using var set = FakeReplicaSet.Start();
        await using var repository = await LocalRepository.OpenAsync(Path.Combine(directory.Path, "repository"));
        var engine = new ServiceCollection().AddLogging().AddMongoEngine().BuildServiceProvider().GetRequiredService<IMongoEngine>();
        var address = new MongoAddress(set.ConnectionString);
        using var client = new MongoClient(set.ConnectionString);
        var documents = client.GetDatabase("shop").GetCollection<BsonDocument>("carts").WithWriteConcern(WriteConcern.WMajority);

        var (before, gaps) = await ArchiveAsync();
        gaps.ShouldBeEmpty();
        set.OplogLimit = 10;
        await documents.InsertManyAsync(Enumerable.Range(0, 50).Select(_ => new BsonDocument()), cancellationToken: Cancellation);
        set.OplogLimit = int.MaxValue;

        (var after, gaps) = await ArchiveAsync();
        gaps.ShouldHaveSingleItem().ShouldStartWith($"hot: the operations after {before}");
        (_, gaps) = await ArchiveAsync();
        gaps.ShouldHaveSingleItem("what the tier holds tells it, not the memory of a run");
        after.ShouldBeGreaterThan(before);

        await engine.BackupAsync(
            repository,
            new MongoBackupRequest
            {
                Draft = new BackupDraft { Id = new BackupId("b1"), Engine = MongoFacts.Engine, Source = Carts.Value, StartedAt = TimeProvider.System.GetUtcNow() },
                Address = address,
            },
            cancellationToken: Cancellation);
        (_, gaps) = await ArchiveAsync();
        gaps.ShouldBeEmpty("a backup from after the hole heals it");

        // Runs until the tier holds an operation that is written now.
        async Task<(OpTime Position, IReadOnlyList<string> Gaps)> ArchiveAsync()
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var tier = new OplogTierRun(Carts, LocalRepository.Tier, 1 << 20, TimeProvider.System);
            var running = tier.RunAsync(engine, repository, address, stop.Token);
            var position = default(OpTime);
            var first = default(OpTime);
            await Eventually.HoldsAsync(
                async () =>
                {
                    await documents.InsertOneAsync([], cancellationToken: Cancellation);
                    position = OpTime.TryParse(tier.Status()?.Position, out var told) ? told : default;
                    first = first == default ? position : first;
                    return position > first;
                },
                TimeSpan.FromSeconds(60), () => $"the archive stands at {position}: {tier.Trouble}", Cancellation);
            await stop.CancelAsync();
            await running.ContinueWith(_ => { }, TaskScheduler.Default);
            // What the run stored while it ended counts, too.
            var slices = await repository.OpenLog(Carts.Value, LocalRepository.Tier).OplogSlicesAsync(Cancellation);
            return (slices.Max(slice => slice.Name.To), tier.Gaps);
        }
    }
}
