using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using DrMesh.Grains.Traffic;
using Microsoft.Extensions.DependencyInjection;

namespace DrMesh.Grains.Tests.Traffic;

public sealed class TrafficGrainTests : IAsyncLifetime
{
    private TrafficMesh _mesh = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mesh = await TrafficMesh.StartAsync();

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Switch_ThereAndBack_MovesTheNameAndIsVerified()
    {
        var there = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Eu, "a"), Cancellation);
        var back = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "b"), Cancellation);

        there.Phase.ShouldBe(TrafficPhase.Switched, there.Detail);
        back.Phase.ShouldBe(TrafficPhase.Switched, back.Detail);
        back.From.ShouldBe(TrafficMesh.Eu);
        back.Evidence.ShouldContain(fact => fact.Fact == $"{_mesh.Server.EndPoint} answers shop.example.org with 192.0.2.2");
        (await _mesh.ReadAsync()).Single().Owner.ShouldBe(new OwnerMark(new ServiceId("shop"), 1, 2));
        (await _mesh.Shop.GetStatus(Cancellation)).Active.ShouldBe(TrafficMesh.Us);
    }

    [Fact]
    public async Task Switch_AlreadySo_Succeeds()
    {
        await _mesh.Server.WriteAsync("example.org", "shop.example.org", "A", 60, "192.0.2.1");

        var operation = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Eu, "a"), Cancellation);

        operation.Phase.ShouldBe(TrafficPhase.Switched, operation.Detail);
    }

    [Fact]
    public async Task S5_OlderEpoch_IsRefusedAndNothingMoves()
    {
        await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "a", epoch: 5), Cancellation);

        var stale = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Eu, "b", epoch: 4), Cancellation);

        stale.Phase.ShouldBe(TrafficPhase.Refused);
        (await _mesh.ReadAsync()).Single().Values.ShouldBe(["192.0.2.2"]);
    }

    [Fact]
    public async Task Switch_NameBelongsToSomethingElse_IsRefusedUnlessAdopted()
    {
        await _mesh.Server.WriteAsync("example.org", "shop.example.org", "A", 300, "198.51.100.9");

        var refused = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Eu, "a"), Cancellation);
        var left = (await _mesh.ReadAsync()).Single().Values;
        var adopted = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Eu, "b") with { Adopt = true }, Cancellation);

        refused.Phase.ShouldBe(TrafficPhase.Refused);
        refused.Detail.ShouldContain("managed by something else");
        left.ShouldBe(["198.51.100.9"]);
        adopted.Phase.ShouldBe(TrafficPhase.Switched, adopted.Detail);
    }

    [Fact]
    public async Task Plan_ShowsTheChangeAndTouchesNothing()
    {
        await _mesh.Server.WriteAsync("example.org", "shop.example.org", "A", 300, "192.0.2.1");

        var plan = await _mesh.Shop.Plan(TrafficMesh.To(TrafficMesh.Us, "plan"), Cancellation);

        plan.Changes.ShouldHaveSingleItem().ShouldContain("192.0.2.2");
        plan.Warnings.ShouldContain(warning => warning.Contains("TTL of 300 s", StringComparison.Ordinal));
        plan.OldAnswersLiveFor.ShouldBe(TimeSpan.FromSeconds(300));
        (await _mesh.ReadAsync()).Single().Values.ShouldBe(["192.0.2.1"]);
        _mesh.Storage.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task Switch_ProviderComesBack_IsCarriedOut()
    {
        await _mesh.Server.KillAsync();
        var order = TrafficMesh.To(TrafficMesh.Us, "a");
        (await _mesh.Shop.Switch(order, Cancellation)).EndedAt.ShouldBeNull();
        await _mesh.Server.StartAsync();

        var operation = await _mesh.SwitchAsync(order, Cancellation);

        operation.Phase.ShouldBe(TrafficPhase.Switched, operation.Detail);
    }

    [Fact]
    public async Task Switch_OutcomeUnknown_IsReadAgainAndNotDoneTwice()
    {
        var changes = 0;
        _mesh.OnChange = moment =>
        {
            if (moment == "after" && ++changes == 1)
            {
                throw new DrMeshException(DrMeshError.DnsChangeUnknown, "the answer was lost", "");
            }
        };

        var operation = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "a"), Cancellation);

        operation.Phase.ShouldBe(TrafficPhase.Switched, operation.Detail);
        changes.ShouldBe(1, "what was read showed that the change had been made");
    }

    [Fact]
    public async Task Switch_AnotherServerIsStale_IsDegradedAndNamesIt()
    {
        await using var stale = await TestKit.Servers.KnotServer.StartNewAsync("example.org");
        _mesh.Provider = _mesh.Provider with { AuthoritativeServers = [.. _mesh.Provider.AuthoritativeServers, stale.EndPoint.ToString()] };

        var operation = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "a"), Cancellation);

        operation.Phase.ShouldBe(TrafficPhase.Degraded);
        operation.Detail.ShouldBe($"{stale.EndPoint} answers shop.example.org A with nothing instead of 192.0.2.2");
    }

    public static TheoryData<int, bool> EveryWrite()
    {
        var data = new TheoryData<int, bool>();
        foreach (var write in Enumerable.Range(1, 3))
        {
            data.Add(write, false);
            data.Add(write, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryWrite))]
    public async Task S3_StoreFailsAroundAnyWrite_TheEndIsTheSame(int write, bool isMade)
    {
        (_mesh.Storage.FailsBeforeWrite, _mesh.Storage.FailsAfterWrite) = isMade ? (0, write) : (write, 0);

        var operation = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "a"), Cancellation);

        _mesh.Storage.Failures.ShouldBe(1, "the write was never reached, so nothing was shown");
        operation.Phase.ShouldBe(TrafficPhase.Switched, operation.Detail);
        (await _mesh.ReadAsync()).Single().ShouldSatisfyAllConditions(
            set => set.Values.ShouldBe(["192.0.2.2"]),
            set => set.Owner.ShouldBe(new OwnerMark(new ServiceId("shop"), 1, 1)));
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task S3_WorkDiesAroundTheChange_TheEndIsTheSame(string moment)
    {
        var isHit = false;
        _mesh.OnChange = now =>
        {
            if (now == moment && !isHit)
            {
                isHit = true;
                throw new InvalidOperationException("the silo died here");
            }
        };

        var operation = await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "a"), Cancellation);

        isHit.ShouldBeTrue();
        operation.Phase.ShouldBe(TrafficPhase.Switched, operation.Detail);
        (await _mesh.ReadAsync()).Single().Values.ShouldBe(["192.0.2.2"]);
    }

    [Fact]
    public async Task Reconcile_StaleWriterOfDrMesh_IsPutBack_PersonIsReported()
    {
        await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Eu, "a"), Cancellation);
        await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "b"), Cancellation);
        var now = (await _mesh.ReadAsync()).Single();
        var late = now with { Values = ["192.0.2.1"], Owner = new OwnerMark(new ServiceId("shop"), 1, 1) };
        await ChangeAsync(now, late);

        (await _mesh.Shop.Reconcile(Cancellation)).Drift.ShouldBeEmpty();
        (await _mesh.ReadAsync()).Single().ShouldBe(now);

        await ChangeAsync(now, now with { Values = ["198.51.100.9"] });
        (await _mesh.Shop.Reconcile(Cancellation)).Drift.ShouldHaveSingleItem().ShouldContain("198.51.100.9");
        (await _mesh.ReadAsync()).Single().Values.ShouldBe(["198.51.100.9"]);
    }

    [Fact]
    public async Task State_InTheStore_IsReadableJson()
    {
        await _mesh.SwitchAsync(TrafficMesh.To(TrafficMesh.Us, "a"), Cancellation);

        var text = _mesh.Storage.Texts.Single();

        text.ShouldContain("\"schemaVersion\":1");
        text.ShouldContain("\"phase\":\"Switched\"");
    }

    [Fact]
    public async Task Health_UnknownService_HasNoAnswer() => (await _mesh.Services.GetRequiredService<TrafficHealth>()
        .AskAsync(new ServiceId("nobody"), TrafficMesh.Eu, Cancellation)).ShouldBeNull();

    private async Task ChangeAsync(RecordSet before, RecordSet after) => await _mesh.Services.GetRequiredService<IDnsProviders>().Get(_mesh.Provider)
        .ChangeAsync(new ZoneChange(DnsName.Parse("example.org"), [new RecordSetChange(before, after)]), Cancellation);
}
