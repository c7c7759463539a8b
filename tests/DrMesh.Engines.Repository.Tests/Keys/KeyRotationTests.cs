using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Hosting;
using DrMesh.Engines.Repository.Tests.Harness;
using DrMesh.TestKit;

namespace DrMesh.Engines.Repository.Tests.Keys;

public sealed class KeyRotationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotate_OldBackups_OpenWithTheNewKeyOnly()
    {
        using var directory = await TestDirectory.CreateAsync();
        var (oldKey, newKey) = (Path.Combine(directory.Path, "old.key"), Path.Combine(directory.Path, "new.key"));
        RepositoryKeys.CreateFile(oldKey);
        RepositoryKeys.CreateFile(newKey);
        var tree = TestTree.Create(new Random(1));
        await using (var repository = await OpenAsync(directory, oldKey, create: true))
        {
            await tree.BackupAsync(repository, "one");
            (await repository.RotateKeyAsync("file://" + newKey, keepOld: false, Token)).Wrapped.ShouldBe(2);
        }

        (await Should.ThrowAsync<DrMeshException>(() => OpenAsync(directory, oldKey, create: false))).Code.ShouldBe(DrMeshError.RepositoryKeyWrong);
        await using var rotated = await OpenAsync(directory, newKey, create: false);
        await using var reader = await rotated.OpenAsync(new BackupId("one"), Token);
        var target = Path.Combine(directory.Path, "out");
        await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, null, Token);
        Trees.ShouldEqual(Trees.Read(target), tree.Files);
        (await rotated.VerifyAsync(new VerifyRequest(), null, Token)).Damages.ShouldBeEmpty();
    }

    [Fact]
    public async Task KeyFile_ReadableByOthersOrDamaged_IsRefused()
    {
        using var directory = await TestDirectory.CreateAsync();
        var file = Path.Combine(directory.Path, "a.key");
        RepositoryKeys.CreateFile(file);
        Should.Throw<DrMeshException>(() => RepositoryKeys.CreateFile(file)).Code.ShouldBe(DrMeshError.UsageInvalid);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        (await Should.ThrowAsync<DrMeshException>(() => OpenAsync(directory, file, create: true))).Hint.ShouldContain("chmod 600");

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var text = File.ReadAllText(file);
        File.WriteAllText(file, text.Replace(text[^10], text[^10] == 'A' ? 'B' : 'A'));
        (await Should.ThrowAsync<DrMeshException>(() => OpenAsync(directory, file, create: true))).Code.ShouldBe(DrMeshError.RepositoryKeyWrong);
    }

    private static Task<IBackupRepository> OpenAsync(TestDirectory directory, string key, bool create) =>
        RepositoryHosting.CreateFactory(TimeProvider.System).OpenAsync(
            new RepositoryDescription
            {
                Create = create,
                Tiers = [new TierAddress { Name = "hot", Url = "file://" + Path.Combine(directory.Path, "repo"), Key = "file://" + key }],
            },
            Token);
}
