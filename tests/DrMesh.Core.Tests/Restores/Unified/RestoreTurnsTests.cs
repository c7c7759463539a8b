using DrMesh.Contracts.Restores.Unified;
using DrMesh.Core.Restores.Unified;

namespace DrMesh.Core.Tests.Restores.Unified;

public sealed class RestoreTurnsTests
{
    private static readonly RestoreTurns.Part Orders = new("PostgreSql/orders", "eu/db1", TimeSpan.FromMinutes(30));
    private static readonly RestoreTurns.Part Uploads = new("Files/uploads", "eu/db1", TimeSpan.FromMinutes(40));
    private static readonly RestoreTurns.Part Carts = new("MongoDb/carts", "copy", TimeSpan.FromMinutes(50));

    [Theory]
    [InlineData(RestoreStrategy.Parallel, "PostgreSql/orders+Files/uploads+MongoDb/carts", 70)]
    [InlineData(RestoreStrategy.Sequential, "PostgreSql/orders Files/uploads MongoDb/carts", 120)]
    [InlineData(RestoreStrategy.OptimisedParallel, "Files/uploads+MongoDb/carts PostgreSql/orders", 80)]
    [InlineData(RestoreStrategy.Planned, "Files/uploads+MongoDb/carts PostgreSql/orders", 80)]
    public void Of_TwoPartsShareAMachine_TurnsAndEstimateAreTheStrategys(RestoreStrategy strategy, string turns, int minutes)
    {
        RestoreTurns.Part[] parts = [Orders, Uploads, Carts];

        string.Join(' ', RestoreTurns.Of(strategy, parts).Select(turn => string.Join('+', turn))).ShouldBe(turns);
        RestoreTurns.Offers(strategy, parts)[0].Estimate.ShouldBe(TimeSpan.FromMinutes(minutes));
    }

    [Fact]
    public void Offers_EveryPartHasItsOwnPlace_ParallelIsChosen()
    {
        var offers = RestoreTurns.Offers(RestoreStrategy.Planned, [Orders, Carts]);

        offers.Single(offer => offer.IsChosen).Strategy.ShouldBe(RestoreStrategy.Parallel);
        offers[0].IsChosen.ShouldBeTrue();
        offers.Length.ShouldBe(3);
    }

    [Fact]
    public void Offers_OneRateUnknown_NothingIsClaimed() =>
        RestoreTurns.Offers(RestoreStrategy.Planned, [Orders, Uploads with { Estimate = null }]).ShouldAllBe(offer => offer.Estimate == null);
}
