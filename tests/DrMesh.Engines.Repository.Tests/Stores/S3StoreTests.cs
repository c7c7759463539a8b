using Amazon.S3;
using Amazon.S3.Model;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Stores.S3;
using DrMesh.Engines.Repository.Tests.Harness;
using DrMesh.TestKit;
using DrMesh.TestKit.Conformance;

namespace DrMesh.Engines.Repository.Tests.Stores;

/// <summary>S3 on a real service: what every store must do, and what only S3 can go wrong with.</summary>
public sealed class S3StoreTests(S3Fixture s3)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Conformance_ReadsBack() => OnNewStoreAsync(ObjectStoreConformance.ReadsBackAsync);

    [Fact]
    public Task Conformance_HasOneWinner() => OnNewStoreAsync(ObjectStoreConformance.HasOneWinnerAsync);

    [Fact]
    public Task Conformance_Uploads() => OnNewStoreAsync(ObjectStoreConformance.UploadsAsync);

    [Fact]
    public Task Conformance_ListsAndDeletes() => OnNewStoreAsync(ObjectStoreConformance.ListsAndDeletesAsync);

    [Fact]
    public async Task Put_ServiceAnswers503AWhile_SucceedsAfterRetries()
    {
        await using var relay = new FaultyRelay((await s3.GatewayAsync()).Port);
        var (store, _, _) = await s3.NewStoreAsync(port: relay.Port);
        await using (store)
        {
            relay.RefuseNext(2);
            (await store.PutAsync("a", new byte[1000], ifAbsent: true, Token)).ShouldBeTrue();
            relay.Refused.ShouldBe(2);
        }
    }

    [Fact]
    public async Task Put_ServiceAnswersOnly503_IsUnreachableByName()
    {
        await using var relay = new FaultyRelay((await s3.GatewayAsync()).Port);
        var (store, _, options) = await s3.NewStoreAsync(port: relay.Port, retries: 1);
        await using (store)
        {
            relay.RefuseNext(100);
            var failure = await Should.ThrowAsync<DrMeshException>(() => store.PutAsync("a", new byte[1000], ifAbsent: true, Token));
            failure.Code.ShouldBe(DrMeshError.RepositoryUnreachable);
            failure.Message.ShouldContain($"{options.Address}/a");
        }
    }

    [Fact]
    public async Task Read_AnswerCutInTheMiddle_IsReadAgain()
    {
        await using var relay = new FaultyRelay((await s3.GatewayAsync()).Port);
        var (store, _, _) = await s3.NewStoreAsync(port: relay.Port);
        await using (store)
        {
            var content = new byte[1_000_000];
            new Random(1).NextBytes(content);
            await store.PutAsync("a", content, ifAbsent: true, Token);
            relay.CutNextAfter(300_000);
            var buffer = new byte[content.Length];

            (await store.ReadAsync("a", 0, buffer, Token)).ShouldBe(content.Length);

            buffer.AsSpan().SequenceEqual(content).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Upload_Interrupted_LeavesNothingAfterStaleUploadsAreRemoved()
    {
        var (store, client, options) = await s3.NewStoreAsync();
        await using (store)
        {
            // A writer killed between two parts never drops its upload.
            var upload = await store.BeginUploadAsync("a", Token);
            await upload.WriteAsync(new byte[IObjectUpload.PartSize], Token);
            await upload.WriteAsync(new byte[IObjectUpload.PartSize], Token);
            (await UploadsAsync(client, options)).ShouldBe(1);

            (await store.RemoveStaleUploadsAsync(TimeProvider.System.GetUtcNow().AddHours(-1), Token)).ShouldBe(0);
            (await store.RemoveStaleUploadsAsync(TimeProvider.System.GetUtcNow().AddHours(1), Token)).ShouldBe(1);
            (await UploadsAsync(client, options)).ShouldBe(0);
            (await store.StatAsync("a", Token)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Delete_UnderObjectLock_IsRefusedAndLongerLockHolds()
    {
        var (store, client, options) = await s3.NewStoreAsync(lockFor: TimeSpan.FromHours(1));
        await using (store)
        {
            await store.PutAsync("backups/kept", new byte[10], ifAbsent: true, Token);
            await store.PutAsync("writers/goes", new byte[10], ifAbsent: true, Token);

            (await Should.ThrowAsync<DrMeshException>(() => store.DeleteAsync("backups/kept", Token))).Code.ShouldBe(DrMeshError.RepositoryObjectLocked);
            (await store.StatAsync("backups/kept", Token)).ShouldNotBeNull();
            await store.DeleteAsync("writers/goes", Token);
            (await store.StatAsync("writers/goes", Token)).ShouldBeNull();

            var until = TimeProvider.System.GetUtcNow().AddDays(2);
            await store.LockAsync("backups/kept", until, Token);
            await store.LockAsync("backups/kept", until.AddDays(-1), Token);
            var held = await client.GetObjectRetentionAsync(
                new GetObjectRetentionRequest { BucketName = options.Bucket, Key = options.Prefix + "backups/kept" }, Token);
            held.Retention.RetainUntilDate!.Value.ToUniversalTime().ShouldBe(until.UtcDateTime, TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task Open_WrongSecretOrNoBucket_IsRefusedByName()
    {
        var (_, _, options) = await s3.NewStoreAsync();
        await using var wrong = new S3Store(
            options, options.CreateClient(new Amazon.Runtime.BasicAWSCredentials("drmesh-test", "another")), TimeProvider.System);
        (await Should.ThrowAsync<DrMeshException>(() => wrong.PutAsync("a", new byte[1], ifAbsent: true, Token))).Code.ShouldBe(DrMeshError.RepositoryStoreFailed);
    }

    [Fact]
    public async Task Backup_ToS3AndLocal_InOnePass_StorageClassSetAndEachRestores()
    {
        var (store, client, options) = await s3.NewStoreAsync(storageClass: "STANDARD");
        using var place = await TestRepository.CreateAsync(tiers: 2);
        place.Wrap = (number, local) => number == 1 ? store : local;
        var tree = TestTree.Create(new Random(11), files: 30);
        await using var repository = await place.OpenAsync();
        (await tree.BackupAsync(repository, "full")).IsDegraded.ShouldBeFalse();
        tree.Change();
        (await tree.BackupAsync(repository, "incremental", "full")).IsDegraded.ShouldBeFalse();
        (await repository.VerifyAsync(new VerifyRequest(), null, Token)).Damages.ShouldBeEmpty();

        Directory.Delete(place.TierPath(0), recursive: true);
        await using var reader = await repository.OpenAsync(new Contracts.Backups.BackupId("incremental"), Token);
        reader.Summary.Tiers.ShouldBe(["t1"]);
        var target = place.NewDirectory("out");
        await reader.RestoreAsync(new DrMesh.Core.Backups.RestoreRequest { TargetDirectory = target }, null, Token);
        Trees.ShouldEqual(Trees.Read(target), tree.Files);
        var objects = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix + "packs/" }, Token);
        objects.S3Objects.ShouldAllBe(item => item.StorageClass == S3StorageClass.Standard);
    }

    private static async Task<int> UploadsAsync(AmazonS3Client client, S3Options options) =>
        (await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = options.Bucket }, Token)).MultipartUploads?.Count ?? 0;

    private async Task OnNewStoreAsync(Func<IObjectStore, CancellationToken, Task> check)
    {
        var (store, _, _) = await s3.NewStoreAsync();
        await using (store)
        {
            await check(store, Token);
        }
    }
}
