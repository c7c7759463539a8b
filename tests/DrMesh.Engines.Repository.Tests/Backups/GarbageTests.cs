using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Tests.Harness;
using DrMesh.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DrMesh.Engines.Repository.Tests.Backups;

/// <summary>What nobody refers to goes, in two phases; what a backup or a writer at work needs stays.</summary>
public sealed class GarbageTests
{
    private static readonly GarbageRequest Request = new() { Grace = TimeSpan.FromHours(1), AbandonAfter = TimeSpan.FromDays(3) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collect_RandomDeletions_KeptBackupsRestore()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed);
            var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
            using var place = await TestRepository.CreateAsync(time: time);
            await using var repository = await place.OpenAsync();
            var tree = TestTree.Create(random);
            var kept = new Dictionary<string, SortedDictionary<string, byte[]>>();
            for (var i = 0; i < 5; i++)
            {
                await tree.BackupAsync(repository, $"b{i}", i > 0 ? $"b{i - 1}" : null);
                kept[$"b{i}"] = tree.Snapshot();
                tree.Change();
            }

            var before = Size(place);
            foreach (var id in kept.Keys.Where(_ => random.Next(2) == 0).Append("b0").Distinct().ToArray())
            {
                await repository.DeleteAsync(new BackupId(id), Token);
                kept.Remove(id);
            }

            (await repository.CollectGarbageAsync(Request with { CompactAbove = 0.1 }, Token)).Removed.ShouldBe(0);
            time.Advance(TimeSpan.FromHours(2));
            (await repository.CollectGarbageAsync(Request with { CompactAbove = 0.1 }, Token)).Removed.ShouldBeGreaterThan(0);

            Size(place).ShouldBeLessThan(before);
            (await repository.VerifyAsync(new VerifyRequest(), null, Token)).Damages.ShouldBeEmpty();
            foreach (var (id, files) in kept)
            {
                await using var reader = await repository.OpenAsync(new BackupId(id), Token);
                var target = place.NewDirectory("out-" + id);
                await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, null, Token);
                Trees.ShouldEqual(Trees.Read(target), files);
            }
        }
    }

    [Fact]
    public async Task Collect_WriterBuildsOnWhatIsBeingCollected_ItsBackupStaysWhole()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var place = await TestRepository.CreateAsync(time: time);
        await using var repository = await place.OpenAsync();
        var tree = TestTree.Create(new Random(4));
        await tree.BackupAsync(repository, "old");

        // The writer has begun and found the old backup's chunks when that backup is deleted and collected around it.
        var commit = await tree.BackupAsync(repository, "new", beforeCommit: writer =>
        {
            writer.Statistics.ReusedBytes.ShouldBeGreaterThan(0);
            repository.DeleteAsync(new BackupId("old"), Token).GetAwaiter().GetResult();
            repository.CollectGarbageAsync(Request, Token).GetAwaiter().GetResult();
            time.Advance(TimeSpan.FromHours(2));
            repository.CollectGarbageAsync(Request, Token).GetAwaiter().GetResult();
        });
        commit.IsDegraded.ShouldBeFalse();
        time.Advance(TimeSpan.FromHours(2));
        await repository.CollectGarbageAsync(Request, Token);

        (await repository.VerifyAsync(new VerifyRequest(), null, Token)).Damages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Collect_WriterThatRanTooLong_CommitIsRefused()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var place = await TestRepository.CreateAsync(time: time);
        await using var repository = await place.OpenAsync();
        var tree = TestTree.Create(new Random(5));

        var refused = await Should.ThrowAsync<DrMeshException>(() => tree.BackupAsync(repository, "slow", beforeCommit: _ =>
        {
            time.Advance(TimeSpan.FromDays(4));
            repository.CollectGarbageAsync(Request, Token).GetAwaiter().GetResult();
        }));

        refused.Code.ShouldBe(DrMeshError.RepositoryWriterAbandoned);
    }

    [Fact]
    public async Task Collect_KilledBackup_ItsPacksAreReusedElseRemoved()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var place = await TestRepository.CreateAsync(time: time);
        await using var repository = await place.OpenAsync();
        var content = new byte[1 << 20];
        new Random(6).NextBytes(content);
        await using (var killed = await repository.BeginAsync(TestTree.Draft("killed"), Token))
        {
            // Enough for a complete pack; the writer then ends without a commit.
            for (var i = 0; i < 40; i++)
            {
                content[0] = (byte)i;
                await killed.AddChunkAsync(content, Token);
            }

            await Eventually.HoldsAsync(
                () => Task.FromResult(place.Objects().Any(file => file.Contains("/packs/", StringComparison.Ordinal))),
                TimeSpan.FromSeconds(60),
                () => "the first pack is not complete",
                Token);
        }

        await using (var again = await repository.BeginAsync(TestTree.Draft("again"), Token))
        {
            content[0] = 0;
            await again.AddChunkAsync(content, Token);
            again.Statistics.ReusedBytes.ShouldBe(content.Length);
        }

        time.Advance(TimeSpan.FromDays(4));
        await repository.CollectGarbageAsync(Request, Token);
        await repository.CollectGarbageAsync(Request, Token);
        time.Advance(TimeSpan.FromHours(2));
        await repository.CollectGarbageAsync(Request, Token);
        place.Objects().Where(file => file.Contains("/packs/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static long Size(TestRepository place) => place.Objects().Sum(file => new FileInfo(file).Length);
}
