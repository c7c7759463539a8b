using System.Collections.Immutable;
using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Restores;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

public sealed class RecoveryPlannerTests
{
    private static readonly BlackoutWindow Payroll = new() { Cron = "0 6 * * *", Duration = TimeSpan.FromHours(1), Reason = "payroll" };

    [Fact]
    public void Plan_FailoverWithATarget_PrefersItsRegionAndKeepsTheOthersAsCandidates()
    {
        var (plan, blocks, warnings) = RecoveryPlanner.Plan(Facts.Of(RecoveryKind.Failover, to: "ap"));

        blocks.ShouldBeEmpty();
        warnings.ShouldBeEmpty();
        var move = plan.ShouldNotBeNull().Clusters.ShouldHaveSingleItem();
        move.OldPrimary.ShouldBe("eu");
        move.Promotable.ShouldBe(["ap", "us"]);
        move.OpenSets.ShouldBe([Facts.Quorum]);
        plan.From.ShouldBe(new RegionId("eu"));
        plan.LossLimitBytes.ShouldBe(0, "in quorum nothing may be lost without a person");
    }

    [Fact]
    public void Plan_SwitchoverWithATarget_AllowsThatRegionOnly() =>
        RecoveryPlanner.Plan(Facts.Of(RecoveryKind.Switchover, to: "ap")).Plan.ShouldNotBeNull().Clusters[0].Promotable.ShouldBe(["ap"]);

    [Fact]
    public void Plan_MemberThatMayNotLead_IsAStandbyAndNoCandidate()
    {
        var cluster = Facts.Cluster with { Members = [Facts.Member("eu"), Facts.Member("us", promotable: false), Facts.Member("ap")] };

        var move = RecoveryPlanner.Plan(Facts.Of(RecoveryKind.Failover, cluster: cluster)).Plan.ShouldNotBeNull().Clusters[0];

        move.Promotable.ShouldBe(["ap"]);
        move.Standbys.ShouldBe(["us", "ap"], "its promise counts");
    }

    [Fact]
    public void Plan_HostThatWouldUndoTheOrders_IsBlockedUnlessAnotherCanBePromoted()
    {
        const string resumed = "its Patroni is resumed; patronictl pause orders";
        RecoveryFacts Meddled(RecoveryKind kind, params string[] hosts)
        {
            var facts = Facts.Of(kind);
            return facts with { Members = hosts.Aggregate(facts.Members, (members, name) => members.SetItem((Facts.Orders, name), members[(Facts.Orders, name)] with { HostProblem = resumed })) };
        }

        Blocks(Meddled(RecoveryKind.Failover, "us", "ap")).ShouldHaveSingleItem().ShouldBe($"us of orders: {resumed}");
        RecoveryPlanner.Plan(Meddled(RecoveryKind.Failover, "us")).Blocks.ShouldBeEmpty("ap can be promoted");
        RecoveryPlanner.Plan(Meddled(RecoveryKind.Failover, "eu")).Blocks.ShouldBeEmpty("a lost primary need not obey");
        Blocks(Meddled(RecoveryKind.Switchover, "eu")).ShouldHaveSingleItem().ShouldBe($"eu of orders: {resumed}");
    }

    [Theory]
    [InlineData(FailoverStrategy.PilotLight)]
    [InlineData(FailoverStrategy.WarmStandby)]
    public void Plan_SiteThatMustBeRestoredFirst_IsBlockedBeforeAnybodyApprovesWhereItCannotBe(FailoverStrategy strategy)
    {
        var facts = Dark(strategy);

        RecoveryPlanner.SitesToAsk(facts).ShouldHaveSingleItem().Node.Region.ShouldBe(new RegionId("us"));
        Blocks(facts with { Sites = facts.Sites.Clear() }).ShouldHaveSingleItem().ShouldContain("no tier of it answers");
        Blocks(facts with { Sites = facts.Sites.SetItem(Facts.Orders, new PitrPlan { Target = RecoveryTarget.Latest, Refusal = "there is no base backup" }) })
            .ShouldHaveSingleItem().ShouldContain("there is no base backup");
        Blocks(facts with { Members = facts.Members.Remove((Facts.Orders, "us")).Remove((Facts.Orders, "ap")) }).ShouldHaveSingleItem().ShouldContain("no agent of us, ap answers");
        var planned = Facts.Of(RecoveryKind.Switchover, new FailoverPolicy { Strategy = strategy });
        RecoveryPlanner.Plan(planned).Blocks.ShouldBeEmpty("a planned move restores nothing");
        RecoveryPlanner.SitesToAsk(planned).ShouldBeEmpty();
    }

    [Fact]
    public void Plan_PilotLight_SaysWhoComesUpFromWhatHowLongItTakesAndWhatIsLost()
    {
        var facts = Dark(FailoverStrategy.PilotLight);

        var (plan, _, warnings) = RecoveryPlanner.Plan(facts);
        plan.ShouldNotBeNull().Clusters[0].Site.ShouldNotBeNull().Member.ShouldBe("us");
        plan.LossLimitBytes.ShouldBe(16 << 20);
        warnings.ShouldContain(warning => warning.Contains("no agent answers for eu of orders"));
        var shown = RecoveryPreviews.Of(facts).Clusters[0];
        // Unseen for 0.5 s, and for the restore and the lease from now on; the archive ends 100 bytes before and 4 s ago.
        (shown.Candidate, shown.ExpectedLossTime, shown.RestoreTime).ShouldBe(("us", TimeSpan.FromSeconds(4 + 80 + 3.06), TimeSpan.FromSeconds(80)));
        shown.ExpectedLossBytes.ShouldBe(100 + (long)Math.Ceiling(8192 * (0.5 + 80 + 3.06 + 1)));
        shown.LossRests!.ShouldContain("eu was last seen at 0/3E8, 83.6 s before it is known to write no more");
        shown.RestoredFrom!.ShouldContain("backup base-7 of tier warm");
        RecoveryPreviews.Of(facts).ExpectedGap!.Value.ShouldBeGreaterThan(TimeSpan.FromSeconds(80));
        RecoveryPreviews.Of(facts).Steps.ShouldContain(step => step.StartsWith("Restoring: RestoreSite", StringComparison.Ordinal));
        RecoveryPreviews.Of(facts with { Reaches = facts.Reaches.Clear() }).Clusters[0].ExpectedLossBytes.ShouldBeNull("nobody saw how far the primary was");
    }

    [Fact]
    public void Plan_CommitsThatWaitForNobody_ShowsWhatThePrimaryCanWriteUntilItsLeaseEnds_AndAsksBeforehandWhereThatIsTooMuch()
    {
        var facts = Facts.Of(RecoveryKind.Failover, record: Facts.Record with { OpenSets = [AcknowledgingSet.Nobody] });
        RecoveryFacts Writing(double bytesPerSecond) => facts with { Reaches = facts.Reaches.SetItem(Facts.Orders, Facts.Reach with { BytesPerSecond = bytesPerSecond }) };

        var preview = RecoveryPreviews.Of(Writing(1_000_000));

        preview.Clusters[0].ExpectedLossBytes.ShouldBe(4_560_000, "0.5 s since it was seen, 3.06 s of the lease, and a second that had begun");
        preview.Clusters[0].LossRests!.ShouldContain("at 1000 kB/s");
        preview.Approvals.ShouldBeEmpty();
        RecoveryPreviews.Of(Writing(4_000_000)).Approvals.ShouldHaveSingleItem().ShouldContain("beyond the limit of 16777216 bytes");
        RecoveryPreviews.Of(facts with { Reaches = facts.Reaches.Clear() }).Approvals.ShouldHaveSingleItem().ShouldContain("could be lost");
        RecoveryPreviews.Of(Writing(4_000_000) with { Records = Facts.Of(RecoveryKind.Failover).Records }).Clusters[0].LossRests.ShouldBeNull("it rests on promises");
    }

    [Fact]
    public void Plan_WarmStandby_ReplaysOnlyTheRestOnTheOneWithACopy()
    {
        var facts = Dark(FailoverStrategy.WarmStandby);
        var warm = facts with { Members = facts.Members.SetItem((Facts.Orders, "ap"), Facts.Standby with { Upstream = null, Lsn = new Lsn(500) }) };

        var shown = RecoveryPreviews.Of(warm).Clusters[0];

        (shown.Candidate, shown.RestoreTime).ShouldBe(("ap", TimeSpan.FromSeconds(10)), "half of the log is left");
        shown.RestoredFrom!.ShouldStartWith("its own copy");
    }

    [Fact]
    public void Plan_Failback_GoesToTheClustersOwnRegion()
    {
        var (plan, blocks, _) = RecoveryPlanner.Plan(FailedOver(RecoveryKind.Failback));

        blocks.ShouldBeEmpty();
        plan.ShouldNotBeNull().To.ShouldBe(new RegionId("eu"));
        plan.Clusters[0].OldPrimary.ShouldBe("us");
        plan.Clusters[0].Promotable.ShouldBe(["eu"]);
    }

    [Fact]
    public void Plan_FailbackOfAClusterAtHome_HasNothingToDo() =>
        Blocks(Facts.Of(RecoveryKind.Failback)).ShouldHaveSingleItem().ShouldContain("there is nothing to bring back");

    [Fact]
    public void Plan_EveryPrimaryThereAlready_IsBlocked() =>
        Blocks(Facts.Of(RecoveryKind.Failover, to: "eu")).ShouldHaveSingleItem().ShouldContain("in eu already");

    [Fact]
    public void Plan_ClusterNotTakenOn_IsBlocked()
    {
        var facts = Facts.Of(RecoveryKind.Failover);

        Blocks(facts with { Records = facts.Records.Clear() })[0].ShouldContain("drmesh cluster show orders");
    }

    [Fact]
    public void Plan_SessionHoldsTheCluster_IsBlockedWithItsId() =>
        Blocks(Facts.Of(RecoveryKind.Failover, record: Facts.Record with { Session = new SessionId("recovery-7") })).ShouldContain(block => block.Contains("recovery-7"));

    [Fact]
    public void Plan_NobodyMayLead_IsBlocked()
    {
        var cluster = Facts.Cluster with { Members = [Facts.Member("eu"), Facts.Member("us", promotable: false), Facts.Member("ap", promotable: false)] };

        Blocks(Facts.Of(RecoveryKind.Failover, cluster: cluster)).ShouldHaveSingleItem().ShouldContain("no promotable member beside its primary eu");
    }

    [Theory]
    [InlineData(RecoveryKind.Switchover)]
    [InlineData(RecoveryKind.Failback)]
    public void Plan_PlannedMoveOfASilentPrimary_NamesTheFailover(RecoveryKind kind)
    {
        var facts = kind == RecoveryKind.Failback ? FailedOver(kind) : Facts.Of(kind);
        var primary = facts.Records[Facts.Orders].Primary;

        Blocks(facts with { Members = facts.Members.Remove((Facts.Orders, primary)) }).ShouldHaveSingleItem().ShouldContain("drmesh failover shop");
    }

    [Fact]
    public void Plan_SwitchoverToOneThatDoesNotStream_IsBlocked()
    {
        var facts = Facts.Of(RecoveryKind.Switchover, to: "ap");

        Blocks(facts with { Members = facts.Members.SetItem((Facts.Orders, "eu"), Facts.Primary with { Followers = [Facts.Follower("us")] }) })
            .ShouldHaveSingleItem().ShouldContain("none of ap streams from eu");
    }

    [Fact]
    public void Plan_FailbackToASilentMember_IsBlocked()
    {
        var facts = FailedOver(RecoveryKind.Failback);

        Blocks(facts with { Members = facts.Members.Remove((Facts.Orders, "eu")) }).ShouldHaveSingleItem().ShouldContain("no agent of eu answers");
    }

    [Fact]
    public void Plan_TargetWithoutASilo_IsBlocked() =>
        Blocks(Facts.Of(RecoveryKind.Failover, to: "ap") with { OpenRegions = [new RegionId("eu"), new RegionId("us")] }).ShouldHaveSingleItem().ShouldContain("ap does not serve");

    [Fact]
    public void Plan_NoOtherRegionServes_IsBlocked() =>
        Blocks(Facts.Of(RecoveryKind.Failover) with { OpenRegions = [new RegionId("eu")] }).ShouldHaveSingleItem().ShouldContain("at least one must");

    [Theory]
    [InlineData(RecoveryKind.Switchover, false, true)]
    [InlineData(RecoveryKind.Failover, true, true)]
    [InlineData(RecoveryKind.Failover, false, false)]
    public void Plan_PromotionThatWasNeverConfirmed_IsSettledByAPersonsFailoverOnly(RecoveryKind kind, bool automatic, bool blocked)
    {
        var facts = Facts.Of(kind, new FailoverPolicy { Strategy = FailoverStrategy.Automatic }, Facts.Record.Promote("us", Facts.Quorum), automatic: automatic);

        var (plan, blocks, _) = RecoveryPlanner.Plan(facts);

        (plan is null).ShouldBe(blocked);
        blocks.Any(block => block.Contains("promotion of us of orders was ordered and never confirmed")).ShouldBe(blocked);
    }

    [Fact]
    public void Plan_AutomaticUnderAnotherStrategy_IsBlocked() =>
        Blocks(Facts.Of(RecoveryKind.Failover, automatic: true)).ShouldHaveSingleItem().ShouldContain("not automatic");

    [Theory]
    [InlineData("eu", false)]
    [InlineData("us", true)]
    public void Plan_TheLossThatWasTheReasonIsOutOfDate_IsBlocked(string lost, bool blocked)
    {
        var facts = Facts.Of(RecoveryKind.Failover, new FailoverPolicy { Strategy = FailoverStrategy.Automatic }, automatic: true);

        var (plan, blocks, _) = RecoveryPlanner.Plan(facts with { Request = facts.Request with { LostPrimary = lost } });

        (plan is null).ShouldBe(blocked);
        blocks.Any(block => block.Contains($"{lost} leads no cluster of shop any more")).ShouldBe(blocked);
    }

    [Fact]
    public void S6_AutomaticFailover_NeverWithinTheHoldTimeNorAboveTheHourlyLimit() =>
        Gen.Select(Gen.Int[0, 7200].Array[0, 5], Gen.Int[0, 3600], Gen.Int[1, 4]).Sample((ago, hold, most) =>
        {
            var policy = new FailoverPolicy { Strategy = FailoverStrategy.Automatic, HoldTime = TimeSpan.FromSeconds(hold), MaxPerHour = most };
            var record = Facts.Record with { FailedOverAt = [.. ago.Distinct().Order().Reverse().Select(seconds => Facts.Now.AddSeconds(-seconds))] };

            var (plan, blocks, _) = RecoveryPlanner.Plan(Facts.Of(RecoveryKind.Failover, policy, record, automatic: true));

            var restrained = ago.Any(seconds => seconds < hold) || ago.Distinct().Count(seconds => seconds < 3600) >= most;
            (plan is null).ShouldBe(restrained);
            blocks.IsEmpty.ShouldBe(!restrained);
            RecoveryPlanner.Plan(Facts.Of(RecoveryKind.Failover, policy, record)).Plan.ShouldNotBeNull("a person may, with an approval").ApprovalReasons.IsEmpty.ShouldBe(!restrained);
        });

    [Fact]
    public void Plan_Blackout_HoldsTheAutomaticAndAsksAPerson()
    {
        var policy = new FailoverPolicy { Strategy = FailoverStrategy.Automatic };

        Blocks(Facts.Of(RecoveryKind.Failover, policy, automatic: true) with { Blackout = Payroll }).ShouldHaveSingleItem().ShouldContain("payroll");
        Approvals(Facts.Of(RecoveryKind.Failover, policy) with { Blackout = Payroll }).ShouldHaveSingleItem().ShouldContain("payroll");
        Approvals(Facts.Of(RecoveryKind.Switchover, policy) with { Blackout = Payroll }).ShouldHaveSingleItem().ShouldContain("payroll");
    }

    [Fact]
    public void Plan_ManualStrategyAndSecondApprover_AreEachApproved()
    {
        var manual = Facts.Of(RecoveryKind.Failover, new FailoverPolicy { Strategy = FailoverStrategy.Manual, SecondApprover = true });

        Approvals(manual).Length.ShouldBe(2);
        RecoveryPlanner.Plan(manual).Plan!.Approvers.ShouldBe(2);
        Approvals(Facts.Of(RecoveryKind.Switchover, new FailoverPolicy { Strategy = FailoverStrategy.Manual })).ShouldBeEmpty();
    }

    [Fact]
    public void Plan_CommitsThatWaitForNobody_WarnsOfTheLeaseAndTakesThePolicysLimit()
    {
        var (plan, _, warnings) = RecoveryPlanner.Plan(Facts.Of(RecoveryKind.Failover, record: Facts.Record with { OpenSets = [AcknowledgingSet.Nobody] }));

        plan.ShouldNotBeNull().LossLimitBytes.ShouldBe(16 << 20);
        warnings.ShouldHaveSingleItem().ShouldContain("the lease of 3 s");
    }

    [Fact]
    public void Plan_LongTtl_IsAWarning()
    {
        var facts = Facts.Of(RecoveryKind.Failover);
        var service = new ServiceDefinition { Name = "web", Provider = "dns", Zone = "example.test", Names = ["www.example.test"], Ttl = TimeSpan.FromSeconds(300), Answers = [] };

        var (_, _, warnings) = RecoveryPlanner.Plan(facts with { Application = facts.Application with { Services = [service, service with { Name = "fast", Ttl = TimeSpan.FromSeconds(60) }] } });

        warnings.ShouldHaveSingleItem().ShouldContain("service web may be kept for 300 s");
    }

    // eu is lost with all its processes; the agents of us and ap answer, and no server runs there.
    private static RecoveryFacts Dark(FailoverStrategy strategy)
    {
        var facts = Facts.Of(RecoveryKind.Failover, new FailoverPolicy { Strategy = strategy }, Facts.Record with { OpenSets = [AcknowledgingSet.Nobody] });
        var dark = new MemberStatus { Role = MemberRole.Stopped, Epoch = 0, IsFenced = false };
        return facts with
        {
            Members = ImmutableDictionary<(ClusterId, string), MemberStatus>.Empty.Add((Facts.Orders, "us"), dark).Add((Facts.Orders, "ap"), dark),
            Sites = ImmutableDictionary<ClusterId, PitrPlan>.Empty.Add(Facts.Orders, new PitrPlan
            {
                Target = RecoveryTarget.Latest,
                Backup = "base-7",
                Tier = "warm",
                LogFrom = new Lsn(100).ToString(),
                LogTo = new Lsn(900).ToString(),
                LogBytes = 800,
                ReachedAt = Facts.Now.AddSeconds(-4),
                Estimate = TimeSpan.FromSeconds(80),
                Steps = [new PitrStep { Name = "ReplayLog", Text = "replay", Estimate = TimeSpan.FromSeconds(20) }],
            }),
        };
    }

    private static RecoveryFacts FailedOver(RecoveryKind kind)
    {
        var facts = Facts.Of(kind, record: Facts.Record with { Primary = "us" });
        return facts with { Members = facts.Members.SetItem((Facts.Orders, "us"), Facts.Primary with { Followers = [Facts.Follower("ap")] }).SetItem((Facts.Orders, "eu"), Facts.Standby) };
    }

    private static ImmutableArray<string> Blocks(RecoveryFacts facts)
    {
        var (plan, blocks, _) = RecoveryPlanner.Plan(facts);
        plan.ShouldBeNull();
        return blocks;
    }

    private static ImmutableArray<string> Approvals(RecoveryFacts facts) => RecoveryPlanner.Plan(facts).Plan.ShouldNotBeNull().ApprovalReasons;
}
