using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Engines.Repository.Keys;
using DrMesh.Engines.Repository.Tests.Harness;

namespace DrMesh.Engines.Repository.Tests.Backups;

/// <summary>Damage, wrong keys and full disks: each is reported by name, and nothing else is harmed.</summary>
public sealed class DamageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(VerifyDepth.Content)]
    [InlineData(VerifyDepth.Stored)]
    public async Task Verify_OneBitFlippedInAnyObject_NamesThatObject(VerifyDepth depth)
    {
        using var place = await FilledAsync();
        var random = new Random(7);
        foreach (var file in place.Objects())
        {
            var before = File.ReadAllBytes(file);
            var after = before.ToArray();
            after[random.Next(after.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, after);

            var named = await FaultsAsync(place, depth);

            named.ShouldContain(place.KeyOf(file), $"found {string.Join(", ", named)}");
            File.WriteAllBytes(file, before);
        }

        (await FaultsAsync(place, depth)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_AnyObjectCutShort_NamesThatObject()
    {
        using var place = await FilledAsync();
        var random = new Random(8);
        foreach (var file in place.Objects())
        {
            var before = File.ReadAllBytes(file);
            File.WriteAllBytes(file, before[..random.Next(before.Length)]);

            (await FaultsAsync(place)).ShouldContain(place.KeyOf(file));
            File.WriteAllBytes(file, before);
        }
    }

    [Fact]
    public async Task Verify_PackGone_NamesItAndTheBackupsThatNeedIt()
    {
        using var place = await FilledAsync();
        var pack = place.Objects().First(file => file.Contains("/packs/", StringComparison.Ordinal));
        File.Delete(pack);
        await using var repository = await place.OpenAsync();

        var damages = (await repository.VerifyAsync(new VerifyRequest { Depth = VerifyDepth.Presence }, null, Token)).Damages;

        damages.ShouldContain(damage => damage.Key == place.KeyOf(pack) && damage.Backups.Count > 0);
    }

    [Fact]
    public async Task Restore_PackDamagedInOneTier_ReadsTheOther()
    {
        using var place = await TestRepository.CreateAsync(tiers: 2);
        var tree = TestTree.Create(new Random(9));
        await using var repository = await place.OpenAsync();
        await tree.BackupAsync(repository, "one");
        foreach (var pack in place.Objects().Where(file => file.Contains("/packs/", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(pack);
            Array.Clear(bytes, 20, bytes.Length - 40);
            File.WriteAllBytes(pack, bytes);
        }

        await using var reader = await repository.OpenAsync(new BackupId("one"), Token);
        var target = place.NewDirectory("out");
        await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, null, Token);

        Trees.ShouldEqual(Trees.Read(target), tree.Files);
        (await repository.VerifyAsync(new VerifyRequest(), null, Token)).Damages.ShouldAllBe(damage => damage.Tier == "t0");
    }

    [Fact]
    public async Task Open_OtherKey_SaysWhichKeyIsNeeded()
    {
        using var place = await FilledAsync();

        var refused = await Should.ThrowAsync<DrMeshException>(() => place.OpenAsync(new OtherKey(KeyFile.Generate()), create: false));

        refused.Code.ShouldBe(DrMeshError.RepositoryKeyWrong);
        refused.Message.ShouldContain("k-");
        (await FaultsAsync(place)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Backup_DiskFull_FailsByNameAndHarmsNothing()
    {
        using var place = await TestRepository.CreateAsync();
        await using var disk = await SmallDisk.MountAsync(place.TierPath(0), megabytes: 4);
        await using var repository = await place.OpenAsync();
        var small = TestTree.Create(new Random(5), files: 3);
        await small.BackupAsync(repository, "first");

        var full = await Should.ThrowAsync<DrMeshException>(() => TestTree.Create(new Random(10), files: 150).BackupAsync(repository, "second"));

        full.Code.ShouldBe(DrMeshError.RepositoryStoreFull, full.Message);
        full.Message.ShouldContain(place.TierPath(0));
        (await repository.FindAsync(new BackupId("second"), Token)).ShouldBeNull();
        (await FaultsAsync(place)).ShouldBeEmpty();
        await using var reader = await repository.OpenAsync(new BackupId("first"), Token);
        var target = place.NewDirectory("out");
        await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, null, Token);
        Trees.ShouldEqual(Trees.Read(target), small.Files);
    }

    private static async Task<TestRepository> FilledAsync()
    {
        var place = await TestRepository.CreateAsync();
        await using var repository = await place.OpenAsync();
        var tree = TestTree.Create(new Random(5), files: 8);
        await tree.BackupAsync(repository, "first");
        tree.Change();
        await tree.BackupAsync(repository, "second", "first");
        await repository.OpenLog("tree", "t0").WriteAsync(new LogName("00000001", "000000010000000000000001"), new byte[100_000], Token);
        await repository.OpenLog("tree", "t0").WritePartialAsync(new LogName("00000001", "000000010000000000000002"), new byte[5_000], Token);
        return place;
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(TestRepository place, VerifyDepth depth = VerifyDepth.Content)
    {
        IBackupRepository repository;
        try
        {
            repository = await place.OpenAsync(create: false);
        }
        catch (DrMeshException damaged)
        {
            // The head or the repository's own key: opening names it.
            return [.. place.Objects().Select(file => place.KeyOf(file)).Where(key => damaged.Message.Contains(Trim(key), StringComparison.Ordinal))];
        }

        await using (repository)
        {
            return [.. (await repository.VerifyAsync(new VerifyRequest { Depth = depth }, null, Token)).Damages.Select(damage => damage.Key)];
        }
    }

    // A wrapped key that does not open is named by what it wraps.
    private static string Trim(string key) => key.StartsWith("keys/root-", StringComparison.Ordinal) ? "root" : key;
}
