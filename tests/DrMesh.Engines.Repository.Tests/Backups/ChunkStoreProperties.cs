using CsCheck;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Tests.Harness;

namespace DrMesh.Engines.Repository.Tests.Backups;

/// <summary>Random trees, random increments, random kills: whatever was committed restores to what it was, and nothing else is there.</summary>
public sealed class ChunkStoreProperties
{
    [Fact]
    public Task Backups_RandomIncrementsAndKills_EachRestoresItself() =>
        Gen.Int[0, int.MaxValue].SampleAsync(ScenarioAsync, iter: 20, threads: 1);

    private static async Task ScenarioAsync(int seed)
    {
        var token = TestContext.Current.CancellationToken;
        var random = new Random(seed);
        using var place = await TestRepository.CreateAsync(tiers: random.Next(1, 3));
        var tree = TestTree.Create(random);
        var committed = new Dictionary<string, SortedDictionary<string, byte[]>>();
        string? parent = null;
        for (var round = 0; round < 5; round++)
        {
            var id = $"b{round}";
            var usesParent = random.Next(3) > 0 ? parent : null;
            if (random.Next(2) == 0)
            {
                place.Wrap = (_, store) => new FaultStore(store) { FailAfter = random.Next(0, 40) };
                await BackupMaybeAsync(place, tree, id, usesParent);
                place.Wrap = (_, store) => store;
            }

            await using var repository = await place.OpenAsync();
            if (await repository.FindAsync(new BackupId(id), token) is null)
            {
                await tree.BackupAsync(repository, id, usesParent);
            }

            committed[id] = tree.Snapshot();
            parent = id;
            tree.Change();
        }

        await CheckAsync(place, committed, random);
    }

    // The tree's notes on changed pages are only dropped by a commit that was seen to succeed; one that failed after the manifest shows in FindAsync.
    private static async Task BackupMaybeAsync(TestRepository place, TestTree tree, string id, string? parent)
    {
        try
        {
            await using var repository = await place.OpenAsync();
            await tree.BackupAsync(repository, id, parent);
        }
        catch (Exception killed) when (killed is IOException || killed is DrMesh.Contracts.Errors.DrMeshException)
        {
            // Killed on the way.
        }
    }

    private static async Task CheckAsync(TestRepository place, Dictionary<string, SortedDictionary<string, byte[]>> committed, Random random)
    {
        var token = TestContext.Current.CancellationToken;
        await using var repository = await place.OpenAsync();
        (await repository.VerifyAsync(new VerifyRequest(), null, token)).Damages.Where(damage => damage.Tier == "t0").ShouldBeEmpty();
        var again = place.NewDirectory("again");
        foreach (var (id, files) in committed.OrderBy(_ => random.Next()))
        {
            await using var reader = await repository.OpenAsync(new BackupId(id), token);
            reader.Summary.LogicalBytes.ShouldBe(files.Values.Sum(file => (long)file.Length));
            var target = place.NewDirectory("restored-" + id);
            await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, null, token);
            Trees.ShouldEqual(Trees.Read(target), files);
            File.GetUnixFileMode(Path.Combine(target, "dir/empty")).ShouldBe((UnixFileMode)0b111_101_000);
            new FileInfo(Path.Combine(target, "dir/link")).LinkTarget.ShouldBe("../f0");

            await reader.RestoreAsync(new RestoreRequest { TargetDirectory = again, Delta = true }, null, token);
            Trees.ShouldEqual(Trees.Read(again), files);
            var same = await reader.RestoreAsync(new RestoreRequest { TargetDirectory = again, Delta = true }, null, token);
            same.WrittenBytes.ShouldBe(0);
            same.RemovedPaths.ShouldBe(0);
        }
    }
}
