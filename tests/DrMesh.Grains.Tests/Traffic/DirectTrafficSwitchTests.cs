using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;
using DrMesh.Grains.Traffic;
using DrMesh.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DrMesh.Grains.Tests.Traffic;

/// <summary>A DR session's order, carried out beside the service's grain.</summary>
public sealed class DirectTrafficSwitchTests : IAsyncLifetime
{
    private TrafficMesh _mesh = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mesh = await TrafficMesh.StartAsync();

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Switch_MovesTheNameAndTheGrainKnowsTheOrder()
    {
        var order = TrafficMesh.To(TrafficMesh.Us, "session/shop/1", epoch: 3);

        var operation = await SwitchAsync(order);
        var changes = 0;
        _mesh.OnChange = _ => changes++;

        operation.ShouldNotBeNull().Phase.ShouldBe(TrafficPhase.Switched, operation.Detail);
        (await _mesh.ReadAsync()).Single().Values.ShouldBe(["192.0.2.2"]);
        (await SwitchAsync(order)).ShouldNotBeNull().Phase.ShouldBe(TrafficPhase.Switched);
        (await _mesh.Shop.Switch(order, Cancellation)).EndedAt.ShouldNotBeNull("it is the same order again");
        changes.ShouldBe(0, "nothing is done twice");
    }

    [Fact]
    public async Task Rehearse_ReadsEverything_AndStoresAndChangesNothing()
    {
        await SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "a", epoch: 5));
        var (stored, changes) = (string.Concat(_mesh.Storage.Texts), 0);
        _mesh.OnChange = _ => changes++;

        await RehearseAsync();

        changes.ShouldBe(0);
        string.Concat(_mesh.Storage.Texts).ShouldBe(stored);
        (await _mesh.ReadAsync()).Single().Values.ShouldBe(["192.0.2.2"]);
        _mesh.Provider = _mesh.Provider with { Powerdns = _mesh.Provider.Powerdns! with { Url = "http://127.0.0.1:1/" } };
        (await Should.ThrowAsync<DrMeshException>(RehearseAsync)).Code.ShouldBe(DrMeshError.DnsProviderUnreachable);
    }

    [Fact]
    public async Task S3_Switch_TheOrderIsStoredBeforeTheProviderIsTouched()
    {
        var stored = "";
        _mesh.OnChange = when => stored = when == "before" ? string.Concat(_mesh.Storage.Texts) : stored;

        await SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "session/shop/1"));

        stored.ShouldContain("session/shop/1");
    }

    [Fact]
    public async Task Switch_AnActivationRemembersTheRecordAsItWas_ItLeavesWhenItIsTold()
    {
        await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Eu, "a"), Cancellation);
        var order = TrafficMesh.To(TrafficMesh.Us, "session/shop/1", epoch: 2);

        (await SwitchAsync(order)).ShouldNotBeNull().Phase.ShouldBe(TrafficPhase.Switched);
        (await _mesh.Shop.GetStatus(Cancellation)).Active.ShouldBe(TrafficMesh.Eu, "it was not told yet");

        (await _mesh.SwitchAsync(order, Cancellation)).Phase.ShouldBe(TrafficPhase.Switched);
        var status = await _mesh.Shop.GetStatus(Cancellation);
        (status.Active, status.Epoch, status.Generation).ShouldBe((TrafficMesh.Us, 2, 2));
    }

    [Fact]
    public async Task S5_OlderEpoch_IsRefusedByTheRecordAndNothingMoves()
    {
        await SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "a", epoch: 5));

        var refused = (await SwitchAsync(TrafficMesh.To(TrafficMesh.Eu, "b", epoch: 4))).ShouldNotBeNull();

        (refused.Phase, refused.Detail).ShouldBe((TrafficPhase.Refused, "the order carries epoch 4 and service shop has seen epoch 5"));
        (await _mesh.ReadAsync()).Single().Values.ShouldBe(["192.0.2.2"]);
    }

    [Fact]
    public async Task S5_OlderEpochAndTheRecordIsLost_IsRefusedByTheNamesOwnMark()
    {
        await SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "a", epoch: 5));
        _mesh.Storage.Forget();

        var refused = (await SwitchAsync(TrafficMesh.To(TrafficMesh.Eu, "b", epoch: 4))).ShouldNotBeNull();

        refused.Phase.ShouldBe(TrafficPhase.Refused, refused.Detail);
        refused.Detail.ShouldContain("was written by a later switch (epoch 5, generation 1) than this one (epoch 4, generation 1)");
        (await _mesh.ReadAsync()).Single().Values.ShouldBe(["192.0.2.2"]);
    }

    [Fact]
    public async Task Switch_AnotherOrderIsUnderWay_IsLeftToTheGrain()
    {
        var held = new TaskCompletionSource();
        var changes = 0;
        _mesh.OnChange = when =>
        {
            if (when == "before")
            {
                Interlocked.Increment(ref changes);
                held.Task.Wait(TimeSpan.FromSeconds(30), Cancellation);
            }
        };
        await _mesh.Shop.Switch(TrafficMesh.To(TrafficMesh.Eu, "a"), Cancellation);

        (await SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "session/shop/1", epoch: 2))).ShouldBeNull();

        Volatile.Read(ref changes).ShouldBeLessThanOrEqualTo(1, "of two orders one is carried out");
        held.SetResult();
        await Eventually.HoldsAsync(
            async () => (await _mesh.Shop.GetStatus(Cancellation)).Last is { EndedAt: not null }, TimeSpan.FromSeconds(30), () => "the first order does not end", Cancellation);
        (await _mesh.ReadAsync()).Single().Values.ShouldBe(["192.0.2.1"]);
    }

    private Task RehearseAsync() => _mesh.Services.GetRequiredService<DirectTrafficSwitch>().RehearseAsync(_mesh.Service, _mesh.Provider, TrafficMesh.Us, Cancellation);

    private Task<TrafficOperation?> SwitchAsync(SwitchTraffic order) =>
        _mesh.Services.GetRequiredService<DirectTrafficSwitch>().SwitchAsync(_mesh.Service, _mesh.Provider, order, _ => { }, Cancellation);
}
