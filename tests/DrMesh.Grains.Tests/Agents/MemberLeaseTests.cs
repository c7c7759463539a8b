using System.Diagnostics;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Agents;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using DrMesh.TestKit.Recovery;

namespace DrMesh.Grains.Tests.Agents;

/// <summary>The lease of a primary whose commits wait for nobody, on fake servers in a mesh of two silos.</summary>
[Collection(nameof(Alone))]
public sealed class MemberLeaseTests : IAsyncLifetime
{
    private const string Cluster = "orders";
    private static readonly ClusterId Orders = new(Cluster);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeDatabases _world = FakeDatabases.Create([Cluster], durability: new DurabilityDefinition { Mode = DurabilityMode.Async }, lease: Lease);
    private CrashKit _kit = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Primary => _world.PortOf(Cluster, FakeDatabases.Regions[0]);

    public async ValueTask InitializeAsync()
    {
        _kit = await CrashKit.StartAsync<RecoveryPlan>((silo, place) => _world.Wire(silo, FakeDatabases.Regions[place], reachesAll: true));
        await Eventually.HoldsAsync(async () => await _world.Leases.FindAsync(Orders, Cancellation) is { Holder: "east" }, Patience, () => "no lease is taken", Cancellation);
    }

    public ValueTask DisposeAsync() => _kit.DisposeAsync();

    [Fact]
    public async Task Store_DoesNotAnswer_AgentsOfTheOtherRegionsGrant_AndPromiseNobodyMeanwhile()
    {
        var lease = (await _world.Leases.FindAsync(Orders, Cancellation)).ShouldNotBeNull();
        (lease.Length, lease.Epoch).ShouldBe((Lease, 1L));
        lease.Voters.ShouldBe(["third", "west"]);

        _world.Leases.IsReachable = false;
        await StaysAsync(() => MayWrite, Lease * 2);

        var raised = await RaiseAsync();
        var promise = await _kit.Grains.GetGrain<INodeAgentGrain>("west/db").Obey(Orders, "west", new MakePromise { Command = AgentCommand.Of("x", raised.Epoch) });
        promise.Obeyed.ShouldBeFalse();
        promise.Reason.ShouldNotBeNull().ShouldContain("granted east a lease");
        MayWrite.ShouldBeTrue();
    }

    [Fact]
    public async Task StoreAndOneAgent_DoNotAnswer_IsStoppedWithinTheLease_AndServesAgainWhenTheStoreAnswers()
    {
        _world.Servers.CutOff(_world.PortOf(Cluster, FakeDatabases.Regions[2]), true);
        await StaysAsync(() => MayWrite, Lease);

        var cut = Stopwatch.StartNew();
        _world.Leases.IsReachable = false;
        await Eventually.HoldsAsync(() => Task.FromResult(!MayWrite), Patience, () => "it still writes", Cancellation);
        cut.Elapsed.ShouldBeLessThan(Lease, "one agent of two is no majority");
        _world.Servers.Describe(Orders).ShouldContain("east stands");

        _world.Leases.IsReachable = true;
        await Eventually.HoldsAsync(() => Task.FromResult(MayWrite), Patience, () => "it does not serve again", Cancellation);
    }

    [Fact]
    public async Task Failover_OldPrimaryCutOff_WaitsTheLeaseOutAndNobodyWritesBesideTheNewOne()
    {
        _world.Servers.CutOff(Primary, true);
        var writesBeside = false;
        using var watched = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watching = Task.Run(async () =>
        {
            while (!watched.IsCancellationRequested)
            {
                writesBeside |= MayWrite && FakeDatabases.Regions.Skip(1).Any(region => _world.Servers.Writes(_world.PortOf(Cluster, region)).MayWrite);
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancellation);
            }
        }, Cancellation);

        var ended = await _kit.RunAsync(new SessionId("recovery-1"), (grains, id) => grains.GetGrain<IDrSessionGrain>(id.Value).Start(
            new StartRecovery { Kind = RecoveryKind.Failover, Application = Cluster, Reason = "test" }, Cancellation));

        await watched.CancelAsync();
        await watching;
        ended.Status.ShouldBeOneOf(SessionStatus.Succeeded, SessionStatus.Degraded);
        writesBeside.ShouldBeFalse();
        var waited = (await _kit.Grains.GetSession(new SessionId("recovery-1")).Get(Cancellation)).Steps.Single(step => step.Step == "AwaitLease");
        waited.Evidence["waited"].ShouldBe("2.04");
        (await _world.Leases.FindAsync(Orders, Cancellation))!.Holder.ShouldNotBe("east", "the new primary's commits wait for nobody either");
    }

    [Fact]
    public async Task SetDurability_ThereAndBack_LeaseIsThereBeforeCommitsWaitForNobodyAndEndsAfter()
    {
        await SetAsync(new DurabilityDefinition { Mode = DurabilityMode.Quorum });
        _world.Servers.Writes(Primary).Set.Needed.ShouldBe(1);

        // Neither the store nor the agents can stop what waits for standbys.
        _world.Leases.IsReachable = false;
        _world.Servers.CutOff(_world.PortOf(Cluster, FakeDatabases.Regions[1]), true);
        _world.Servers.CutOff(_world.PortOf(Cluster, FakeDatabases.Regions[2]), true);
        await StaysAsync(() => MayWrite, Lease * 2);
        await SetAsync(new DurabilityDefinition { Mode = DurabilityMode.Async });
        await StaysAsync(() => MayWrite && _world.Servers.Writes(Primary).Set.Needed == 1, Lease * 2);

        _world.Leases.IsReachable = true;
        await Eventually.HoldsAsync(() => Task.FromResult(_world.Servers.Writes(Primary).Set.Needed == 0), Patience, () => "the set does not change once the lease can be taken", Cancellation);
        await StaysAsync(() => MayWrite, Lease);

        // Refused is who asks while the keeper changes the record, or before it has seen the standbys.
        async Task SetAsync(DurabilityDefinition durability)
        {
            var refused = "";
            await Eventually.HoldsAsync(
                async () =>
                {
                    try
                    {
                        await _kit.Grains.GetGrain<IDatabaseClusterGrain>(Cluster).SetDurability(new SetDurability { Durability = durability, Reason = "test" }, Cancellation);
                        return true;
                    }
                    catch (DrMeshException unready) when (unready.Code is DrMeshError.ClusterBusy or DrMeshError.ClusterUnfit)
                    {
                        refused = unready.Message;
                        return false;
                    }
                },
                Patience, () => refused, Cancellation);
        }
    }

    private bool MayWrite => _world.Servers.Writes(Primary).MayWrite;

    private static async Task StaysAsync(Func<bool> holds, TimeSpan time)
    {
        for (var begun = Stopwatch.StartNew(); begun.Elapsed < time;)
        {
            holds().ShouldBeTrue($"after {begun.Elapsed.TotalSeconds:0.00} s");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }

    private async Task<ClusterRecord> RaiseAsync()
    {
        while (true)
        {
            var raised = (await _world.Records.FindAsync(Orders, Cancellation))!.Raise(new SessionId("recovery-x"), TimeProvider.System.GetUtcNow());
            if (await _world.Records.TryStoreAsync(raised, Cancellation))
            {
                return raised;
            }
        }
    }
}
