using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Tests.Harness;

namespace DrMesh.Engines.Repository.Tests.Backups;

public sealed class WriterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Begin_NameCommittedAlready_IsRefused()
    {
        using var place = await TestRepository.CreateAsync();
        await using var repository = await place.OpenAsync();
        await TestTree.Create(new Random(1)).BackupAsync(repository, "one");

        (await Should.ThrowAsync<DrMeshException>(() => repository.BeginAsync(TestTree.Draft("one"), Token))).Code.ShouldBe(DrMeshError.RepositoryBackupExists);
    }

    [Fact]
    public async Task Commit_TwoWritersAtOnce_BothAreWholeAndOneNameHasOneWinner()
    {
        using var place = await TestRepository.CreateAsync();
        await using var one = await place.OpenAsync();
        await using var two = await place.OpenAsync();
        var left = TestTree.Create(new Random(2));
        var right = TestTree.Create(new Random(3));
        await Task.WhenAll(left.BackupAsync(one, "left"), right.BackupAsync(two, "right"));

        var same = await Task.WhenAll(TryAsync(left, one), TryAsync(right, two));

        same.Count(won => won).ShouldBe(1);
        (await one.VerifyAsync(new VerifyRequest(), null, Token)).Damages.ShouldBeEmpty();
        foreach (var (id, tree) in new[] { ("left", left), ("right", right) })
        {
            await using var reader = await one.OpenAsync(new BackupId(id), Token);
            var target = place.NewDirectory("out-" + id);
            await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, null, Token);
            Trees.ShouldEqual(Trees.Read(target), tree.Files);
        }
    }

    [Fact]
    public async Task Backup_SameContentAgain_StoresNextToNothing()
    {
        using var place = await TestRepository.CreateAsync();
        await using var repository = await place.OpenAsync();
        var tree = TestTree.Create(new Random(4), files: 30);
        var first = await tree.BackupAsync(repository, "one");

        var second = await tree.BackupAsync(repository, "two");

        second.Summary.StoredBytes.ShouldBeLessThan(first.Summary.StoredBytes / 2);
    }

    [Fact]
    public async Task Restore_RootsAndMap_GoWhereTheyShould()
    {
        using var place = await TestRepository.CreateAsync();
        await using var repository = await place.OpenAsync();
        await using (var writer = await repository.BeginAsync(TestTree.Draft("spaces"), Token))
        {
            var chunk = await writer.AddChunkAsync(new byte[] { 1, 2, 3 }, Token);
            var file = new BackupFile { Path = "pg_tblspc/16400/PG_15/1", Length = 3, Mode = (UnixFileMode)0b110_000_000, Extents = new[] { new Extent(0, new ChunkSlice(chunk, 0, 3)) } };
            await writer.AddFileAsync(file, Token);
            await writer.CommitAsync(
                new BackupCompletion { CompletedAt = DateTimeOffset.UnixEpoch, Roots = [new BackupRoot { Path = "pg_tblspc/16400", Location = "/nowhere/space" }] }, Token);
        }

        await using var reader = await repository.OpenAsync(new BackupId("spaces"), Token);
        var (target, space) = (place.NewDirectory("out"), place.NewDirectory("space"));
        await reader.RestoreAsync(
            new RestoreRequest { TargetDirectory = target, RootMap = new Dictionary<string, string> { ["/nowhere/space"] = space } }, null, Token);

        File.ReadAllBytes(Path.Combine(space, "PG_15/1")).ShouldBe([1, 2, 3]);
        new FileInfo(Path.Combine(target, "pg_tblspc/16400")).LinkTarget.ShouldBe(space);
        (await Should.ThrowAsync<DrMeshException>(() => reader.RestoreAsync(
            new RestoreRequest { TargetDirectory = target, RootMap = new Dictionary<string, string> { ["/other"] = space } }, null, Token)))
            .Code.ShouldBe(DrMeshError.UsageInvalid);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/absolute")]
    [InlineData("a//b")]
    public async Task AddFile_PathThatLeavesTheBackup_IsRefused(string path)
    {
        using var place = await TestRepository.CreateAsync();
        await using var repository = await place.OpenAsync();
        await using var writer = await repository.BeginAsync(TestTree.Draft("one"), Token);

        await Should.ThrowAsync<DrMeshException>(async () => await writer.AddFileAsync(new BackupFile { Path = path }, Token));
    }

    private static async Task<bool> TryAsync(TestTree tree, IBackupRepository repository)
    {
        try
        {
            await tree.BackupAsync(repository, "same");
            return true;
        }
        catch (DrMeshException lost) when (lost.Code == DrMeshError.RepositoryBackupExists)
        {
            return false;
        }
    }
}
