using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Engines.MongoDb.ReplicaSet;
using DrMesh.FakeMongoServer.Replication;
using Microsoft.Extensions.Logging.Abstractions;
using Role = DrMesh.FakeMongoServer.Replication.MemberRole;

namespace DrMesh.Engines.MongoDb.Tests;

/// <summary>Orders to a set's members.</summary>
public sealed class ReplicaSetControlTests
{
    private static readonly ClusterId Carts = new("carts");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ReplicaSetControl Control => new(NullLogger<ReplicaSetControl>.Instance);

    [Fact]
    public async Task Observe_MembersAreDown_TheDriverIsNotAskedForThem()
    {
        await using var set = FakeReplicaSet.Start();
        set.Kill(set.Members[0]);
        set.Kill(set.Members[1]);
        using var clients = ReplicaSetControl.Open(Address(set));

        var seen = await new SetObserver(clients).ObserveAsync(Stop);

        seen.Members.Select(member => member.IsReachable).ShouldBe([false, false, true]);
        seen.Primary.ShouldBeNull();
        seen.ConfigVersion.ShouldBe(1);
        clients.Opened.ShouldBe([set.Members[2].Host], "the driver goes on trying one that is gone until its time is up");
    }

    [Fact]
    public async Task Open_MembersThatListenAndSayNothing_AreWaitedForAsShortlyAsThoseThatDoNot()
    {
        await using var set = FakeReplicaSet.Start();
        using var hurried = ReplicaSetControl.Open(Address(set));
        using var usual = new MemberClients(Address(set));

        var limit = hurried.Patience.ShouldNotBeNull();

        Limits(hurried).ShouldBe((limit, limit));
        Limits(usual).Selection.ShouldBeGreaterThan(limit, "a job can wait");

        (TimeSpan Selection, TimeSpan Connect) Limits(MemberClients clients) => clients.Member(set.Members[0].Host).Settings is var settings ? (settings.ServerSelectionTimeout, settings.ConnectTimeout) : default;
    }

    [Fact]
    public async Task Reconfigure_Priorities_EveryMemberHasThem_AndTheSameOrderAgainChangesNothing()
    {
        await using var set = FakeReplicaSet.Start();
        var order = new SetAction.Reconfigure(set.Members[0].Host, new SetConfiguration([.. set.Members.Select(member => new SetSeat(member.Host, member.Id == 2 ? 2 : 1, 1))]), IsForced: false);

        await Control.ReconfigureAsync(Address(set), order, 1, Stop);
        await Control.ReconfigureAsync(Address(set), order, 1, Stop);

        set.Members.Select(member => member.ConfigVersion).ShouldBe([2, 2, 2]);
        set.Members.Select(member => member.Priority).ShouldBe([1, 1, 2]);
        var stale = order with { To = new SetConfiguration([.. order.To.Seats.Select(seat => seat with { Priority = 7 })]) };
        (await Should.ThrowAsync<DrMeshException>(() => Control.ReconfigureAsync(Address(set), stale, 1, Stop))).Message.ShouldContain("has configuration 2 by now, not 1");
    }

    [Fact]
    public async Task StepDown_TheGladdestLeads_AndTheSameOrderAgainChangesNothing()
    {
        await using var set = FakeReplicaSet.Start();
        set.Members[2].Priority = 5;
        var old = set.Primary!;
        old.ShouldNotBe(set.Members[2]);

        await Control.StepDownAsync(Address(set), old.Host, Stop);
        await Control.StepDownAsync(Address(set), old.Host, Stop);

        set.Primary.ShouldBe(set.Members[2]);
    }

    [Fact]
    public async Task Force_TheSurvivorLeads_AndALookTellsFormerMembersApart()
    {
        await using var set = FakeReplicaSet.Start();
        set.Kill(set.Members[0]);
        set.Kill(set.Members[1]);
        var survivor = set.Members[2];

        await Control.ReconfigureAsync(Address(set), new SetAction.Reconfigure(survivor.Host, new SetConfiguration([new SetSeat(survivor.Host, 1, 1)]), IsForced: true), 1, Stop);

        (await Control.ObserveAsync(Address(set), Stop)).ShouldSatisfyAllConditions(
            seen => seen.Primary!.Host.ShouldBe(survivor.Host), seen => seen.Members.ShouldHaveSingleItem(), seen => seen.ConfigVersion.ShouldBe(survivor.ConfigVersion));
        (await Control.LookAsync(Address(set), set.Members[0].Host, Stop)).State.ShouldBe(MongoMemberState.Down);
        set.Isolate(survivor);
        set.Restart(set.Members[0]);
        (await Control.LookAsync(Address(set), set.Members[0].Host, Stop)).ShouldSatisfyAllConditions(
            look => look.State.ShouldBe(MongoMemberState.Secondary), look => look.ConfigVersion.ShouldBe(1), look => FormerMember.CanElect(look, 2).ShouldBeTrue());
        // Whichever is asked: of two configurations the forced one is the newer, although it has no term.
        (await Control.ObserveAsync(Address(set), Stop)).ConfigVersion.ShouldBe(survivor.ConfigVersion);
        set.Heal(survivor);
        set.Members[0].Role.ShouldBe(Role.Removed);
        (await Control.LookAsync(Address(set), set.Members[0].Host, Stop)).ShouldSatisfyAllConditions(
            look => look.State.ShouldBe(MongoMemberState.Removed, look.Problem), look => FormerMember.CanElect(look, 2).ShouldBeFalse());
    }

    [Fact]
    public async Task Stop_TheMemberIsGone_AndTheSameOrderAgainChangesNothing()
    {
        await using var set = FakeReplicaSet.Start();

        await Control.StopAsync(Address(set), set.Members[1].Host, Stop);
        await Control.StopAsync(Address(set), set.Members[1].Host, Stop);

        set.Members[1].Role.ShouldBe(Role.Down);
    }

    [Fact]
    public async Task WriteEpoch_AHigherOneIsThere_IsRefused()
    {
        await using var set = FakeReplicaSet.Start();
        var host = set.Primary!.Host;

        var first = await Control.WriteEpochAsync(Address(set), host, Carts, 3, Stop);
        (await Control.WriteEpochAsync(Address(set), host, Carts, 3, Stop)).ShouldBeGreaterThanOrEqualTo(first, "again is no other");
        await Control.WriteEpochAsync(Address(set), host, Carts, 4, Stop);

        (await Should.ThrowAsync<DrMeshException>(() => Control.WriteEpochAsync(Address(set), host, Carts, 3, Stop))).Message.ShouldContain("did not take epoch 3 of carts");
    }

    private static MongoAddress Address(FakeReplicaSet set) => new(set.ConnectionString);
}
