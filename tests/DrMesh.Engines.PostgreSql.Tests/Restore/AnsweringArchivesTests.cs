using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.TestKit.Repositories;

namespace DrMesh.Engines.PostgreSql.Tests.Restore;

/// <summary>With a region, a tier of the repository may be gone.</summary>
public sealed class AnsweringArchivesTests
{
    [Fact]
    public async Task Open_OneTierIsGone_ReadsTheOthersAndNamesIt()
    {
        var repository = new FakeRepository { Tiers = ["hot", "far"] };
        repository.Unreachable["hot"] = true;

        var open = await AnsweringArchives.OpenAsync("orders", repository, TestContext.Current.CancellationToken);

        open.Archives.ShouldHaveSingleItem();
        open.Silent.ShouldHaveSingleItem().ShouldStartWith("hot: ");
    }

    [Fact]
    public async Task Open_EveryTierIsGone_FailsWithWhatTheFirstSays()
    {
        var repository = new FakeRepository { Tiers = ["hot", "far"] };
        (repository.Unreachable["hot"], repository.Unreachable["far"]) = (true, true);

        var failure = await Should.ThrowAsync<DrMeshException>(() => AnsweringArchives.OpenAsync("orders", repository, TestContext.Current.CancellationToken));

        failure.Message.ShouldContain("hot");
    }
}
