using System.Collections.Immutable;
using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

public sealed class RecoveryArithmeticTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    [Fact]
    public void Covers_IsExactlyWhenEveryPossibleAcknowledgementIsSeen() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[0, 31]).Sample((n, k, promisedBits) =>
        {
            var members = Names[..n];
            var promised = Subset(promisedBits).Intersect(members).ToArray();
            var set = AcknowledgingSet.Of(Math.Min(k, n), [.. members]);

            // By enumeration: every group of k members shares one with those who promised.
            var everyGroupIsSeen = Enumerable.Range(0, 32).Select(Subset)
                .Where(group => group.Length == set.Needed && group.All(members.Contains))
                .All(group => group.Intersect(promised).Any());

            PromotionQuorum.Covers([set], promised).ShouldBe(everyGroupIsSeen);
            (PromotionQuorum.Missing([set], promised) == 0).ShouldBe(everyGroupIsSeen);
            if (everyGroupIsSeen)
            {
                (n - promised.Length).ShouldBeLessThan(set.Needed, "the old primary could still get an acknowledgement");
            }
        });

    [Fact]
    public void Covers_OpenChangeOfTheSet_NeedsBoth()
    {
        var before = AcknowledgingSet.Of(1, ["a", "b"]);
        var after = AcknowledgingSet.Of(1, ["b", "c"]);

        PromotionQuorum.Covers([before, after], ["a", "b"]).ShouldBeFalse();
        PromotionQuorum.Covers([before, after], ["a", "b", "c"]).ShouldBeTrue();
        PromotionQuorum.Covers([before, AcknowledgingSet.Nobody], Names).ShouldBeFalse("commits that wait for nobody are nowhere else for certain");
        PromotionQuorum.Covers([], Names).ShouldBeFalse();
    }

    [Fact]
    public void Choose_MostWalOnTheLatestTimeline_ThenTheEstatesOrder()
    {
        Promise[] promises = [At("a", 1, 900), At("b", 2, 500), At("c", 2, 500), At("d", 2, 700) with { Epoch = 6 }];

        Candidate.Choose(promises, 7, ["a", "b", "c", "d"]).ShouldBe(new Candidate("b", new TimelineId(2), new Lsn(500), 0));
        Candidate.Choose(promises, 7, ["c", "b"])!.Member.ShouldBe("c");
        Candidate.Choose(promises, 7, ["d"]).ShouldBeNull("its promise is of another epoch");
        Candidate.Choose([At("a", 2, 480), At("b", 2, 500)], 7, ["a"]).ShouldBe(new Candidate("a", new TimelineId(2), new Lsn(480), 20));
        Candidate.Choose(promises, 7, ["a"])!.BytesAhead.ShouldBe(long.MaxValue, "timelines are not subtracted");
    }

    [Fact]
    public void Loss_QuorumWithoutEnoughPromises_IsUnknown()
    {
        var candidate = new Candidate("a", new TimelineId(1), new Lsn(500), 0);
        AcknowledgingSet[] quorum = [AcknowledgingSet.Of(1, ["a", "b"])];

        ExpectedLoss.Of(quorum, [At("a", 1, 500), At("b", 1, 400)], candidate, (new TimelineId(1), new Lsn(900))).ShouldBe(ExpectedLoss.None);
        ExpectedLoss.Of(quorum, [At("a", 1, 500)], candidate, (new TimelineId(1), new Lsn(500))).ShouldBe(ExpectedLoss.Unknown);
        ExpectedLoss.Of([AcknowledgingSet.Nobody], [At("a", 1, 500)], candidate, (new TimelineId(1), new Lsn(620))).ShouldBe(new ExpectedLoss(120L));
        ExpectedLoss.Of([AcknowledgingSet.Nobody], [At("a", 1, 500)], candidate, (new TimelineId(2), new Lsn(400))).ShouldBe(ExpectedLoss.Unknown, "it parted from the primary before");
        ExpectedLoss.Of([AcknowledgingSet.Nobody], [At("a", 1, 500)], candidate, null).IsWithin(long.MaxValue).ShouldBeFalse();
        ExpectedLoss.Of([AcknowledgingSet.Nobody], [At("a", 1, 500)], candidate, (new TimelineId(1), new Lsn(499))).ShouldBe(ExpectedLoss.Unknown, "it wrote faster than it was seen to");
    }

    [Fact]
    public void Lease_WhateverTheClocksDo_HolderStopsBeforeAnyoneElseMayPromise() =>
        Gen.Select(Gen.Double[0.99, 1.01], Gen.Double[0.99, 1.01], Gen.Double[0, 30], Gen.Double[1, 60]).Sample((holderRate, granterRate, flight, length) =>
        {
            var term = new LeaseTerm(TimeSpan.FromSeconds(length), Drift: 0.02);

            // True time 0: sent; true time `flight`: received. Each side's clock runs at its own rate.
            var holderEnds = term.HolderUntil(TimeSpan.Zero) / holderRate;
            var granterEnds = TimeSpan.FromSeconds(flight) + (term.GranterUntil(TimeSpan.Zero) / granterRate);

            holderEnds.ShouldBeLessThan(granterEnds);
            (term.PromoterWait / granterRate).ShouldBeGreaterThan(holderEnds);
        });

    [Fact]
    public void IsDown_OneRegionsViewIsNeverEnough() =>
        Gen.Select(Gen.Int[0, 255], Gen.Int[1, 5], Gen.Bool, Gen.Enum<AgentWord>()).Sample((failing, count, wasDown, word) =>
        {
            var regions = Enumerable.Range(0, count).Select(number => new RegionId($"r{number}")).ToArray();
            var views = regions
                .Select((region, number) => (failing >> number & 1) == 1 ? new RegionView(region, TimeSpan.FromSeconds(9), null) : new RegionView(region, null, TimeSpan.FromSeconds(9)))
                .ToArray();
            var others = views[1..].Count(view => view.FailingFor is not null);

            var down = PrimaryDetection.IsDown(wasDown, regions[0], regions, views, word, TimeSpan.FromSeconds(2));

            (down && !wasDown && word != AgentWord.Gone && (others < 2 || others <= (count - 1) / 2)).ShouldBeFalse();
            (word == AgentWord.Gone && !down).ShouldBeFalse();
        });

    [Fact]
    public void IsDown_Hysteresis_StaysUntilAMajorityIsAnsweredForAsLong()
    {
        RegionId[] regions = [new("a"), new("b"), new("c")];
        var downAfter = TimeSpan.FromSeconds(2);
        RegionView[] Short(double seconds) =>
            [new(regions[1], null, TimeSpan.FromSeconds(seconds)), new(regions[2], null, TimeSpan.FromSeconds(seconds))];

        PrimaryDetection.IsDown(true, regions[0], regions, Short(1), AgentWord.Running, downAfter).ShouldBeTrue();
        PrimaryDetection.IsDown(true, regions[0], regions, Short(2), AgentWord.Running, downAfter).ShouldBeFalse();
        PrimaryDetection.IsDown(true, regions[0], regions, Short(2), AgentWord.Silent, downAfter).ShouldBeTrue();
        PrimaryDetection.IsDown(false, regions[0], regions, [new(regions[1], TimeSpan.FromSeconds(1.9), null), new(regions[2], TimeSpan.FromSeconds(5), null)], AgentWord.Silent, downAfter)
            .ShouldBeFalse("one of the two has not failed for long enough");
    }

    [Fact]
    public void Restraint_HoldTimeNumberAndBlackout_AreEachNamed()
    {
        var now = new DateTimeOffset(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);
        var policy = new FailoverPolicy { HoldTime = TimeSpan.FromMinutes(10), MaxPerHour = 2 };
        var blackout = new BlackoutWindow { Cron = "0 6 * * *", Duration = TimeSpan.FromHours(1), Reason = "payroll" };

        FailoverRestraint.Reasons([], now, policy, null).ShouldBeEmpty();
        FailoverRestraint.Reasons([now.AddMinutes(-11)], now, policy, null).ShouldBeEmpty();
        FailoverRestraint.Reasons([now.AddMinutes(-9)], now, policy, null).ShouldHaveSingleItem().ShouldContain("540 s ago, within the hold time of 600 s");
        FailoverRestraint.Reasons([now.AddMinutes(-11), now.AddMinutes(-50)], now, policy, null).ShouldHaveSingleItem().ShouldContain("the limit is 2");
        FailoverRestraint.Reasons([], now, policy, blackout).ShouldHaveSingleItem().ShouldContain("payroll");
    }

    [Fact]
    public void Evacuation_LastServingRegion_IsRefused()
    {
        RegionId a = new("a"), b = new("b"), c = new("c");

        EvacuationCheck.Refusal(a, [a, b], null).ShouldBeNull();
        EvacuationCheck.Refusal(a, [a], null).ShouldNotBeNull();
        EvacuationCheck.Refusal(a, [a, b], c)!.ShouldContain("does not serve");
        EvacuationCheck.Refusal(a, [a, b], a).ShouldNotBeNull();
    }

    private static Promise At(string member, uint timeline, ulong received) => new(member, 7, new TimelineId(timeline), new Lsn(received));

    private static string[] Subset(int bits) => [.. Names.Where((_, number) => (bits >> number & 1) == 1)];
}
