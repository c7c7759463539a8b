using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Engines.Repository.Tests.Harness;

namespace DrMesh.Engines.Repository.Tests.Backups;

/// <summary>One backup to several tiers in one pass; a tier that fails is named, and a copy heals it.</summary>
public sealed class SeveralTiersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_OneTierDies_IsDegradedNamesItAndCopyHealsIt()
    {
        using var place = await TestRepository.CreateAsync(tiers: 2);
        await using (await place.OpenAsync())
        {
            // Both tiers exist before one of them fails.
        }

        var tree = TestTree.Create(new Random(1));
        FaultStore? second = null;
        place.Wrap = (number, store) => number == 1 ? second = new FaultStore(store) : store;
        await using (var repository = await place.OpenAsync())
        {
            var commit = await tree.BackupAsync(repository, "one", beforeCommit: _ => second!.FailAfter = 0);

            commit.IsDegraded.ShouldBeTrue();
            commit.Summary.Tiers.ShouldBe(["t0"]);
            commit.Tiers.Single(tier => tier.Failure is not null).Tier.ShouldBe("t1");
        }

        place.Wrap = (_, store) => store;
        await using var healthy = await place.OpenAsync();
        (await healthy.FindAsync(new BackupId("one"), Token))!.Tiers.ShouldBe(["t0"]);
        (await healthy.CopyAsync(new CopyRequest { From = "t0", To = "t1" }, null, Token)).Backups.ShouldBe([new BackupId("one")]);
        (await healthy.FindAsync(new BackupId("one"), Token))!.Tiers.ShouldBe(["t0", "t1"]);
        (await healthy.VerifyAsync(new VerifyRequest { Backup = new BackupId("one") }, null, Token)).Damages.ShouldBeEmpty();
        (await healthy.CopyAsync(new CopyRequest { From = "t0", To = "t1" }, null, Token)).Objects.ShouldBe(0);
    }

    [Fact]
    public async Task Incremental_ParentOnlyInOneTier_BringsWhatTheOtherLacks()
    {
        using var place = await TestRepository.CreateAsync(tiers: 2);
        var tree = TestTree.Create(new Random(2));
        await using (await place.OpenAsync())
        {
        }

        FaultStore? second = null;
        place.Wrap = (number, store) => number == 1 ? second = new FaultStore(store) : store;
        await using (var repository = await place.OpenAsync())
        {
            await tree.BackupAsync(repository, "full", beforeCommit: _ => second!.FailAfter = 0);
        }

        place.Wrap = (_, store) => store;
        await using (var repository = await place.OpenAsync())
        {
            tree.Change();
            (await tree.BackupAsync(repository, "incremental", "full")).IsDegraded.ShouldBeFalse();
        }

        Directory.Delete(place.TierPath(0), recursive: true);
        await using var rest = await place.OpenAsync(create: false);
        await using var reader = await rest.OpenAsync(new BackupId("incremental"), Token);
        var target = place.NewDirectory("out");
        await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, null, Token);
        Trees.ShouldEqual(Trees.Read(target), tree.Files);
    }

    [Fact]
    public async Task Backup_EveryTierDies_FailsAndLeavesNoBackup()
    {
        using var place = await TestRepository.CreateAsync(tiers: 2);
        var stores = new List<FaultStore>();
        place.Wrap = (_, store) =>
        {
            var wrapped = new FaultStore(store);
            stores.Add(wrapped);
            return wrapped;
        };
        var tree = TestTree.Create(new Random(3));
        await using (var repository = await place.OpenAsync())
        {
            var failure = await Should.ThrowAsync<DrMeshException>(() => tree.BackupAsync(repository, "one", beforeCommit: _ => stores.ForEach(store => store.FailAfter = 0)));
            failure.Code.ShouldBe(DrMeshError.RepositoryUnreachable);
        }

        place.Wrap = (_, store) => store;
        await using var after = await place.OpenAsync();
        (await after.FindAsync(new BackupId("one"), Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Copy_LogsToo_AndAnotherRepositorysTierIsRefused()
    {
        using var place = await TestRepository.CreateAsync(tiers: 2);
        await using var repository = await place.OpenAsync();
        var name = new LogName("00000001", "000000010000000000000001");
        await repository.OpenLog("tree", "t0").WriteAsync(name, new byte[] { 1, 2, 3 }, Token);
        await repository.CopyAsync(new CopyRequest { From = "t0", To = "t1" }, null, Token);
        (await repository.OpenLog("tree", "t1").ReadAsync(name, Token))!.Content.ToArray().ShouldBe([1, 2, 3]);

        // The same key, another repository.
        using var stranger = await TestRepository.CreateAsync(key: place.Key);
        await using (await stranger.OpenAsync())
        {
        }

        Directory.Delete(place.TierPath(1), recursive: true);
        Directory.Move(stranger.TierPath(0), place.TierPath(1));
        var refused = await Should.ThrowAsync<DrMeshException>(() => place.OpenAsync(create: false));
        refused.Code.ShouldBe(DrMeshError.RepositoryTiersDiffer);
    }
}
