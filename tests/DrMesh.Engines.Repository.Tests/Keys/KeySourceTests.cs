using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Keys;
using DrMesh.Engines.Repository.Hosting;
using DrMesh.Engines.Repository.Keys;
using DrMesh.Engines.Repository.Tests.Harness;
using DrMesh.TestKit;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers.FakeKms;

namespace DrMesh.Engines.Repository.Tests.Keys;

/// <summary>Key files, and AWS KMS by a fake; a real key takes the fake's place when <c>DRMESH_TEST_KMS</c> names two, separated by a comma: <c>aws-kms:ARN,aws-kms:ARN</c>.</summary>
public sealed class KeySourceTests : IAsyncDisposable
{
    private readonly FakeKmsServer _kms = FakeKmsServer.StartNew();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KeyFile_Conforms()
    {
        var (one, other) = (KeyFile.Generate(), KeyFile.Generate());

        await ConformsAsync(new FileKeySource(one.Id, one.Key), new FileKeySource(other.Id, other.Key));
    }

    [Fact]
    public async Task Kms_Conforms()
    {
        using var directory = await TestDirectory.CreateAsync();
        if (Environment.GetEnvironmentVariable("DRMESH_TEST_KMS")?.Split(',') is [var first, var second])
        {
            await ConformsAsync(KeyAddress.Open(first), KeyAddress.Open(second));
            return;
        }

        await ConformsAsync(Open(directory, _kms.CreateKey()), Open(directory, _kms.CreateKey()));
    }

    [Fact]
    public async Task Kms_KeyDisabledForbiddenOrUnknown_IsNamedWithWhatToCheck()
    {
        using var directory = await TestDirectory.CreateAsync();
        var (disabled, forbidden) = (_kms.CreateKey(), _kms.CreateKey());
        var unknown = disabled[..^4] + "0000";
        _kms.SetEnabled(disabled, false);
        _kms.Forbid(forbidden);

        foreach (var (arn, word) in new[] { (disabled, "DisabledException"), (forbidden, "AccessDeniedException"), (unknown, "NotFoundException") })
        {
            var fault = await Expect.FaultAsync(DrMeshError.KeyServiceFailed, () => Open(directory, arn).WrapAsync(new byte[32], "c", Token), arn, word);
            fault.Hint.ShouldContain("kms:Encrypt");
        }
    }

    [Fact]
    public async Task Kms_BusyOrFailingForAMoment_IsAskedAgain()
    {
        using var directory = await TestDirectory.CreateAsync();
        var source = Open(directory, _kms.CreateKey());
        _kms.InternalErrors = 1;
        _kms.Throttled = 1;

        (await source.UnwrapAsync(await source.WrapAsync(new byte[32], "c", Token), "c", Token)).ShouldBe(new byte[32]);
        _kms.Served.ShouldBe(2);
    }

    [Fact]
    public async Task Kms_Away_SaysSo()
    {
        using var directory = await TestDirectory.CreateAsync();
        var source = Open(directory, _kms.CreateKey());
        await _kms.DisposeAsync();

        await Expect.FaultAsync(DrMeshError.KeyServiceFailed, () => source.WrapAsync(new byte[32], "c", Token), "KMS");
    }

    [Fact]
    public async Task Repository_UnderKms_OpensWithItsKeyOnlyUntilItIsRotatedAway()
    {
        using var directory = await TestDirectory.CreateAsync();
        var file = Path.Combine(directory.Path, "next.key");
        RepositoryKeys.CreateFile(file);
        var kms = AddressOf(_kms.CreateKey());
        var named = Credentials(directory);
        var tree = TestTree.Create(new Random(1));
        await using (var repository = await OpenAsync(directory, kms, named, create: true))
        {
            await tree.BackupAsync(repository, "one");
        }

        await Expect.FaultAsync(DrMeshError.RepositoryKeyWrong, () => OpenAsync(directory, AddressOf(_kms.CreateKey()), named, create: false));
        await using (var repository = await OpenAsync(directory, kms, named, create: false))
        {
            (await repository.RotateKeyAsync("file://" + file, keepOld: false, Token)).Wrapped.ShouldBe(2);
        }

        await using var moved = await OpenAsync(directory, "file://" + file, named, create: false);
        await using var reader = await moved.OpenAsync(new BackupId("one"), Token);
        var target = Path.Combine(directory.Path, "out");
        await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, null, Token);
        Trees.ShouldEqual(Trees.Read(target), tree.Files);
    }

    public ValueTask DisposeAsync() => _kms.DisposeAsync();

    private static async Task ConformsAsync(IKeySource source, IKeySource other)
    {
        await KeySourceConformance.UnwrapsWhatItWrappedAsync(source, Token);
        await KeySourceConformance.RefusesWhatItDidNotWrapAsync(source, Token);
        await KeySourceConformance.KeepsKeysApartAsync(source, other, Token);
        await KeySourceConformance.ServesManyAsync(source, Token);
    }

    private static Contracts.Estate.AwsCredentials Credentials(TestDirectory directory)
    {
        var secret = Path.Combine(directory.Path, "secret");
        File.WriteAllText(secret, "secret-of-a-fake");
        return new Contracts.Estate.AwsCredentials { AccessKeyId = FakeKmsServer.AccessKey, SecretAccessKeyFile = secret };
    }

    private static Task<IBackupRepository> OpenAsync(TestDirectory directory, string key, Contracts.Estate.AwsCredentials credentials, bool create) =>
        RepositoryHosting.CreateFactory(TimeProvider.System).OpenAsync(
            new RepositoryDescription
            {
                Create = create,
                Tiers = [new TierAddress { Name = "hot", Url = "file://" + Path.Combine(directory.Path, "repo"), Key = key, Credentials = credentials }],
            },
            Token);

    private string AddressOf(string arn) => $"aws-kms:{arn}?endpoint={_kms.Url}";

    private IKeySource Open(TestDirectory directory, string arn) => KeyAddress.Open(AddressOf(arn), Credentials(directory));
}
