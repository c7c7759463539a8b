using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using Orleans.TestingHost;

namespace DrMesh.Grains.Tests.Errors;

/// <summary>Two silos and a client: what a grain throws crosses between processes as it does in a mesh.</summary>
public sealed class WireFaultFilterTests : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;

    private IFaultyTestGrain Faulty => _cluster.Client.GetGrain<IFaultyTestGrain>("here");

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.AddDrMeshErrors());
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Call_DriversException_ReachesTheCallerAsUnexpectedWithItsMessage()
    {
        var fault = await Should.ThrowAsync<DrMeshException>(() => Faulty.FailWithDriver());

        fault.Code.ShouldBe(DrMeshError.Unexpected);
        fault.Message.ShouldBe("IFaultyTestGrain.FailWithDriver failed: PostgresException: 42P01: relation \"session\" does not exist");
        fault.Hint.ShouldBe("the log of the silo that served the call has the whole of it");
    }

    [Fact]
    public async Task Call_KnownExceptionCausedByTheDriver_KeepsCodeMessageAndHint()
    {
        var fault = await Should.ThrowAsync<DrMeshException>(() => Faulty.FailWithKnown());

        (fault.Code, fault.Message, fault.Hint, fault.InnerException).ShouldBe((DrMeshError.ControlStoreRefused, "the store refuses", "grant it", null));
    }

    [Fact]
    public async Task Call_LostRegionCausedByTheDriver_KeepsItsTypeAndRegion() =>
        (await Should.ThrowAsync<RegionUnavailableException>(() => Faulty.FailWithRegion())).Region.ShouldBe(new RegionId("eu"));

    [Fact]
    public async Task Call_ExceptionWithSomethingThatCannotBeEncoded_ReachesTheCaller() =>
        (await Should.ThrowAsync<DrMeshException>(() => Faulty.FailWithData())).Message.ShouldEndWith("InvalidOperationException: with baggage");

    [Fact]
    public async Task Call_OrdinaryException_IsLeftAsItIs() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => Faulty.FailPlainly())).Message.ShouldBe("plain");

    [Fact]
    public async Task Call_FailsInAnotherSilo_MessageSurvivesBothHops()
    {
        for (var other = 0; other < 8; other++)
        {
            var key = $"other-{other}";
            (await Should.ThrowAsync<DrMeshException>(() => Faulty.FailInAnother(key))).Message.ShouldContain("relation \"session\" does not exist");
        }
    }

    [Fact]
    public async Task Stream_FailsOnTheWay_ElementsComeAndThenTheMessage()
    {
        var seen = new List<int>();

        var fault = await Should.ThrowAsync<DrMeshException>(async () =>
        {
            await foreach (var element in Faulty.Watch())
            {
                seen.Add(element);
            }
        });

        seen.ShouldBe([1]);
        fault.Message.ShouldContain("relation \"session\" does not exist");
    }

    [Fact]
    public async Task Activation_Fails_CallerLearnsWhy()
    {
        var fault = await Should.ThrowAsync<Exception>(() => _cluster.Client.GetGrain<IFaultyTestGrain>("broken").FailPlainly());

        fault.Message.ShouldContain("relation \"session\" does not exist");
    }
}
