using CsCheck;
using DrMesh.Contracts.Recovery;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery.ReplicaSets;
using static DrMesh.Core.Backups.MongoDb.MongoMemberState;
using static DrMesh.Core.Tests.Recovery.ReplicaSets.Sets;

namespace DrMesh.Core.Tests.Recovery.ReplicaSets;

/// <summary>What must hold of a set whatever is seen of it: no minority is forced without a person, and no two configurations elect beside each other.</summary>
public sealed class SetActionsTests
{
    [Fact]
    public void Next_WithoutApproval_NeverForces() => Gen.Select(Any, Any).Sample((then, now) =>
    {
        var move = Move(Math.Max(then.Members.Count, now.Members.Count));
        foreach (var kind in Enum.GetValues<RecoveryKind>())
        {
            var action = SetActions.Next(now, move, SetChoice.Of(then, move, kind), isApproved: false);
            (action is SetAction.Reconfigure { IsForced: true }).ShouldBeFalse();
        }
    });

    [Fact]
    public void Next_AnyChoiceAndAnySetLater_ForcesOnlyWhatWasApproved() => Gen.Select(Any, Any).Sample((then, now) =>
    {
        var move = Move(Math.Max(then.Members.Count, now.Members.Count));
        var chosen = SetChoice.Of(then, move, RecoveryKind.Failover);
        if (SetActions.Next(now, move, chosen, isApproved: true) is not SetAction.Reconfigure { IsForced: true } order)
        {
            return;
        }

        var old = SetConfiguration.Of(now);
        chosen.Way.ShouldBe(SetWay.Force);
        order.To.Seats.Select(seat => seat.Host).Order().ShouldBe(chosen.Survivors.Order());
        // The survivors elect by the new configuration only, the others by the old one only, and the person was told of each of them.
        old.CanElect(chosen.Survivors).ShouldBeFalse();
        order.To.CanElect(chosen.Lost).ShouldBeFalse();
        order.To.CanElect(chosen.Survivors).ShouldBeTrue();
        now.Members.Select(member => member.Host).Except(chosen.Survivors).Order().ShouldBe(chosen.Lost.Order());
        // Once their region stopped those that did not learn of it, nobody elects by the old one, whoever of them is back.
        var back = chosen.Lost.Where(_ => !FormerMember.MustStop(new MemberLook(Secondary, now.ConfigVersion, default), now.ConfigVersion + 1, FormerMember.MayLearnFor));
        old.CanElect(back).ShouldBeFalse();
    });

    [Fact]
    public void Next_HandingOver_ComesToTheCandidateAndNeverChangesWhoVotes() => Any.Sample(set =>
    {
        var move = Move(set.Members.Count);
        var chosen = SetChoice.Of(set, move, RecoveryKind.Switchover);
        if (chosen.Way != SetWay.HandOver || set.Primary is null)
        {
            return;
        }

        var voters = SetConfiguration.Of(set).Voters.ToArray();
        var stepDowns = 0;
        for (var tries = 0; tries < 10; tries++)
        {
            switch (SetActions.Next(set, move, chosen, isApproved: true))
            {
                case SetAction.Done:
                    set.Primary!.Host.ShouldBe(chosen.Candidate);
                    return;
                case SetAction.Reconfigure order:
                    order.IsForced.ShouldBeFalse();
                    order.To.Voters.ShouldBe(voters);
                    set = After(set, order);
                    break;
                case SetAction.StepDown down:
                    down.Host.ShouldBe(set.Primary!.Host);
                    (++stepDowns).ShouldBe(1, "the candidate is the gladdest, so that the first election is the last");
                    set = AfterStepDown(set);
                    break;
                case SetAction.Wait:
                    // Everybody catches up.
                    set = set with { Members = [.. set.Members.Select(member => member with { Lag = TimeSpan.Zero })] };
                    break;
                default:
                    throw new InvalidOperationException("a set that hands over is refused");
            }
        }

        throw new InvalidOperationException($"{chosen.Candidate} does not come to lead");
    });

    [Fact]
    public void Next_TheMajorityIsLostAfterTheChoice_IsRefused()
    {
        var chosen = SetChoice.Of(Sets.Of(Member(0, Primary), Member(1, Secondary), Member(2, Secondary)), Move(3), RecoveryKind.Failover);
        chosen.Way.ShouldBe(SetWay.HandOver);

        SetActions.Next(Sets.Of(Member(0, Down), Member(1, Down), Member(2, Secondary)), Move(3), chosen, isApproved: true).ShouldBeOfType<SetAction.Refuse>();
    }

    [Fact]
    public void Next_FewerSurvivorsThanApproved_IsRefused()
    {
        var chosen = SetChoice.Of(Sets.Of(Member(0, Down), Member(1, Down), Member(2, Down), Member(3, Secondary), Member(4, Secondary)), Move(5), RecoveryKind.Failover);

        SetActions.Next(Sets.Of(Member(0, Down), Member(1, Down), Member(2, Down), Member(3, Secondary), Member(4, Down)), Move(5), chosen, isApproved: true).ShouldBeOfType<SetAction.Refuse>();
    }

    [Fact]
    public void Growth_FromAnyForcedConfiguration_EachMajorityMeetsTheOneBeforeAndAllAreInAtTheEnd() => Any.Sample(set =>
    {
        var move = Move(set.Members.Count);
        var chosen = SetChoice.Of(set, move, RecoveryKind.Failover);
        if (SetActions.Next(set, move, chosen, isApproved: true) is not SetAction.Reconfigure { IsForced: true } forced)
        {
            return;
        }

        set = After(set, forced);
        for (var tries = 0; tries < 20; tries++)
        {
            var growth = SetGrowth.Of(set, move, [.. chosen.Lost]);
            if (growth.IsDone)
            {
                set.Primary!.Host.ShouldBe(chosen.Candidate, "who comes in takes nothing over");
                SetConfiguration.Of(set).Voters.Order().ShouldBe(move.Members.Select(member => member.Host).Order());
                return;
            }

            var next = growth.Next.ShouldNotBeNull(growth.Waits);
            var before = SetConfiguration.Of(set);
            next.Overlaps(before).ShouldBeTrue();
            next.Voters.Except(before.Voters).Concat(before.Voters.Except(next.Voters)).Count().ShouldBeLessThanOrEqualTo(1);
            next.Seats.Single(seat => seat.Host == chosen.Candidate).Priority.ShouldBe(next.Seats.Max(seat => seat.Priority));
            set = After(set, new SetAction.Reconfigure(chosen.Candidate!, next, IsForced: false));
            set = set with { Members = [.. set.Members.Select(member => member with { Lag = TimeSpan.Zero, State = member.State == Recovering ? Secondary : member.State })] };
        }

        throw new InvalidOperationException("the set does not grow");
    });

    [Fact]
    public void Growth_AMemberThatIsBehind_HasNoVoteYet()
    {
        var set = Sets.Of(Member(0, Primary, 9), Member(1, Secondary, 2, votes: 0));

        SetGrowth.Of(set, Move(2), []).ShouldBe(new SetGrowth(null, "m1 is Secondary and 7 s behind"));
    }

    [Fact]
    public void Growth_AMemberTheEstateDoesNotName_MayBeOneOfThoseItNames()
    {
        var set = Sets.Of(Member(0, Primary), Member(7, Secondary));

        SetGrowth.Of(set, Move(2), [Host(1)]).ShouldBe(new SetGrowth(null, "m7:1 is in the set and not in the estate"));
    }

    [Theory]
    [InlineData(Primary, 3, 0, true)]
    [InlineData(Secondary, 3, 0, false)]
    [InlineData(Secondary, 3, 5, true)]
    [InlineData(Secondary, 4, 99, false)]
    [InlineData(Removed, 4, 99, false)]
    [InlineData(Down, 0, 99, false)]
    public void FormerMember_ThatCouldElect_IsStopped(MongoMemberState state, long version, int seconds, bool isStopped) =>
        FormerMember.MustStop(new MemberLook(state, version, default), 4, TimeSpan.FromSeconds(seconds)).ShouldBe(isStopped);

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(0, true)]
    public void FormerMember_OfAForceThatNobodyConfirmed_IsStoppedUnlessTheSurvivorDeniesIt(long survivors, bool isStopped) =>
        FormerMember.MustStop(new MemberLook(Primary, 3, default), 4, TimeSpan.Zero, new MemberLook(survivors == 0 ? Down : Secondary, survivors, default)).ShouldBe(isStopped);
}
