using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using DrMesh.TestKit.Recovery;
using Role = DrMesh.FakeMongoServer.Replication.MemberRole;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>An application of a PostgreSQL cluster and a replica set, and what becomes of members a forced reconfiguration left behind.</summary>
public sealed class SetSessionTests
{
    private const string Carts = "recovery-carts";
    private const string Shop = "recovery-shop";
    private const string Other = "other";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failover_LostMajority_FormerMembersAreKeptFromElectingAndComeInAgainByAFailback()
    {
        await using var world = SetWorld.Create((Carts, [SetWorld.Set]));
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>(world.Wire);
        var set = world[Carts];
        // The survivor is out of the others' sight: what they do when they are back, they do not know of it.
        world.LoseMajority(Carts);
        set.Isolate(set.Members[1]);

        var failover = await RunAsync(kit, "recovery-1", Carts, RecoveryKind.Failover);
        failover.Status.ShouldBe(SessionStatus.Succeeded, failover.Outcome);
        set.Members[1].Role.ShouldBe(Role.Primary);

        set.Restart(set.Members[0]);
        set.Restart(set.Members[2]);
        // Together they may elect one of them; the one that is left once the other is stopped steps down.
        await Eventually.HoldsAsync(
            () => Task.FromResult(set.Members.Select(member => member.Role).SequenceEqual([Role.Down, Role.Primary, Role.Secondary])),
            TimeSpan.FromSeconds(60), () => $"the members are {string.Join(", ", set.Members.Select(member => member.Role))}; the first, of a region with a silo, is to be stopped, and the third alone elects nobody", Cancellation);

        // What they acknowledged to each other meanwhile the survivor does not have: they cannot roll that back, and copy everything anew.
        set.Heal(set.Members[1]);
        set.Kill(set.Members[2]);
        set.RestartWiped(set.Members[0]);
        set.RestartWiped(set.Members[2]);
        set.Members.Select(member => member.Role).ShouldBe([Role.Removed, Role.Primary, Role.Removed]);
        var failback = await RunAsync(kit, "recovery-2", Carts, RecoveryKind.Failback);
        failback.Status.ShouldBe(SessionStatus.Succeeded, failback.Outcome);
        world.Describe(Carts).ShouldBe("led by 0; Primary votes 1 priority 2; Secondary votes 1 priority 1; Secondary votes 1 priority 1; recorded east, held False, former 0, written epoch True");
    }

    [Theory]
    [InlineData(SetWorld.Cluster, SetWorld.Set, "ProveWrite", "MoveSetPrimary")]
    [InlineData(SetWorld.Set, SetWorld.Cluster, "ProveSetWrite", "PromoteCandidate")]
    public async Task Switchover_BothKinds_GoToTheSameRegionInTheEstatesOrder(string first, string second, string lastOfFirst, string firstOfSecond)
    {
        await using var world = SetWorld.Create((Shop, [first, second]));
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>(world.Wire);
        var preview = await CalmAsync(kit);

        preview.Sets.ShouldHaveSingleItem().Members.Select(member => (member.Name, member.State)).ShouldBe([("east", "Primary"), ("west", "Secondary"), ("third", "Secondary")]);
        var ended = await RunAsync(kit, "recovery-3", Shop, RecoveryKind.Switchover);

        ended.Status.ShouldBe(SessionStatus.Succeeded, ended.Outcome);
        var leads = (await world.Databases.Records.FindAsync(new ClusterId(Shop), Cancellation))!.Primary;
        leads.ShouldNotBe(FakeDatabases.Regions[0].Value);
        FakeDatabases.Regions[world[Shop].Primary!.Id].Value.ShouldBe(leads);
        ended.Steps.Single(step => step.Step == firstOfSecond).StartedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(ended.Steps.Single(step => step.Step == lastOfFirst).EndedAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task Switchover_SecondSetDoesNotServe_TheFirstOneGoesBackAndTheClusterServesWhereItDid()
    {
        await using var world = SetWorld.Create((Shop, [SetWorld.Set, Other, SetWorld.Cluster]));
        await using var kit = await CrashKit.StartAsync<RecoveryPlan>(world.Wire);
        await CalmAsync(kit);
        await world.WriteEpochAsync(Shop, Other, 1000, Cancellation);

        var ended = await RunAsync(kit, "recovery-4", Shop, RecoveryKind.Switchover);

        ended.Status.ShouldBe(SessionStatus.Failed);
        ended.Outcome.ShouldNotBeNull().ShouldStartWith("nothing was promoted; the old primary serves where it is alive (ProveSetWrite recovery-shop-other: ");
        ended.Steps.Where(step => step.Step == "MoveSetPrimary").ShouldAllBe(step => step.Status == StepStatus.Done, "both had handed over");
        world.Describe(Shop).ShouldStartWith("led by 0; Primary votes 1 priority 2; Secondary votes 1 priority 1; Secondary votes 1 priority 1; recorded east, held False");
        world.Describe(Shop, Other).ShouldStartWith("led by 0; Primary votes 1 priority 2; Secondary votes 1 priority 1; Secondary votes 1 priority 1; recorded east, held False");
        world.Databases.DescribeSites(Shop).ShouldBe(
            "a site runs as standby of east on timeline 1, promoted 0 times; a site runs as standby of east on timeline 1, promoted 0 times; east runs as primary of nobody on timeline 1, promoted 0 times");
    }

    private static async Task<RecoveryPreview> CalmAsync(CrashKit kit)
    {
        var request = new StartRecovery { Kind = RecoveryKind.Switchover, Application = Shop, Reason = "a test" };
        RecoveryPreview? preview = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (preview = await kit.Grains.GetGrain<IRecoveryPlannerGrain>(IRecoveryPlannerGrain.Key).Preview(request, Cancellation)).Blocks.IsEmpty;
                }
                catch (TimeoutException)
                {
                    // The kit's client gives a call up early, since it may have been with a silo that died.
                    return false;
                }
            },
            TimeSpan.FromSeconds(60), () => string.Join("; ", preview?.Blocks ?? []), Cancellation);
        return preview!;
    }

    private static Task<SessionSummary> RunAsync(CrashKit kit, string session, string application, RecoveryKind kind) =>
        kit.RunAsync(new SessionId(session), (grains, id) => grains.GetGrain<IDrSessionGrain>(id.Value).Start(new StartRecovery { Kind = kind, Application = application, Reason = "a test" }, Cancellation));
}
