using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Stores;
using DrMesh.TestKit;
using DrMesh.TestKit.Conformance;

namespace DrMesh.Engines.Repository.Tests.Stores;

public sealed class LocalStoreTests
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

    private static async Task OnNewStoreAsync(Func<IObjectStore, CancellationToken, Task> check)
    {
        using var directory = await TestDirectory.CreateAsync();
        await using var store = new LocalStore(Path.Combine(directory.Path, "store"));
        await check(store, Token);
    }
}
