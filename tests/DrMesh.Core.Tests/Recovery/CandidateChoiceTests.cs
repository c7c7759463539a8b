using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Core.Tests.Sessions;

namespace DrMesh.Core.Tests.Recovery;

public sealed class CandidateChoiceTests
{
    private static readonly AcknowledgingSet Both = AcknowledgingSet.Of(2, ["ap", "us"]);

    [Fact]
    public void Decide_EnoughPromises_ChoosesTheFurthestAndLosesNothing()
    {
        var chosen = Choose(RecoveryKind.Failover, [Facts.Quorum], 0, At("us", 900), At("ap", 950));

        chosen.Evidence["candidate"].ShouldBe("ap");
        (chosen.Evidence["loss"], chosen.Evidence["acceptable"]).ShouldBe(("0", "true"));
        chosen.Evidence["acknowledging"].ShouldBe("1:us");
    }

    [Fact]
    public void Decide_TooFewPromises_LossIsUnknownAndNotAcceptable()
    {
        var chosen = Choose(RecoveryKind.Failover, [Facts.Quorum], long.MaxValue, At("us", 900));

        (chosen.Evidence["loss"], chosen.Evidence["acceptable"]).ShouldBe(("unknown", "false"));
    }

    [Fact]
    public void Decide_LimitOfAnAsyncClusterOfTheApplication_IsNotTheLimitOfOneWhoseCommitsWait()
    {
        // ap may not lead and is 50 bytes ahead: the promises cover the set, so exactly that would be lost.
        var chosen = Choose(RecoveryKind.Failover, [Facts.Quorum], 16 << 20, ["us"], At("us", 900), At("ap", 950));

        (chosen.Evidence["loss"], chosen.Evidence["acceptable"]).ShouldBe(("50", "false"));
    }

    [Fact]
    public void Decide_CommitsThatWaitForNobody_LossIsWhatWasSeenAndThePolicysLimitHolds()
    {
        Choose(RecoveryKind.Failover, [AcknowledgingSet.Nobody], 100, At("us", 900)).Evidence["acceptable"].ShouldBe("true", "it can have written to 1000");
        Choose(RecoveryKind.Failover, [AcknowledgingSet.Nobody], 99, At("us", 900)).Evidence["acceptable"].ShouldBe("false");
        Choose(RecoveryKind.Failover, [AcknowledgingSet.Nobody, Facts.Quorum], long.MaxValue, At("us", 900), At("ap", 900)).Evidence["loss"].ShouldBe("unknown", "a change of the set is open");
    }

    [Fact]
    public void Decide_HowFarThePrimaryCanHaveWrittenIsNotKnown_APersonIsAskedAndToldWhatIs()
    {
        var chosen = CandidateChoice.Decide(
            State(RecoveryKind.Failover, FailoverStrategy.HotStandby, [AcknowledgingSet.Nobody], long.MaxValue, ["us"], [AcknowledgingSet.Nobody],
                step => step == DrSteps.AwaitLease ? [("excluded", "yes"), .. CandidateChoice.ToEvidence("eu", Facts.Reach with { Watched = TimeSpan.Zero })] : [], At("us", 900)),
            "orders", 7);

        (chosen.Evidence["loss"], chosen.Evidence["acceptable"]).ShouldBe(("unknown", "false"));
        chosen.Evidence["rests"].ShouldContain("what it wrote unseen is not known");
        CandidateChoice.ToEvidence("eu", null).ShouldBe([("rests", "how far eu had written was not seen")]);
    }

    [Fact]
    public void Decide_StandbyHasMoreThanThePrimaryCanHaveWritten_LossIsUnknown()
    {
        var chosen = Choose(RecoveryKind.Failover, [AcknowledgingSet.Nobody], long.MaxValue, At("us", 1001));

        chosen.Evidence["loss"].ShouldBe("unknown", "it wrote faster than it was ever seen to");
        chosen.Evidence["rests"].ShouldBe("eu was seen; a standby has more than that, or is on another timeline");
    }

    [Fact]
    public void Question_LossOfAnAsyncCluster_SaysWhatTheFigureRestsOn()
    {
        var driver = Driver(RecoveryKind.Failover, FailoverStrategy.HotStandby, [AcknowledgingSet.Nobody], 99, ["us"], [AcknowledgingSet.Nobody], WellStopped(null), At("us", 900));

        driver.End(DrSteps.ChooseCandidate, CandidateChoice.Decide(driver.State, "orders", 7));

        driver.State.Asked.ShouldNotBeNull().Question.ShouldBe("promoting us of orders may lose 100 bytes of acknowledged WAL, the limit is 99; eu was seen");
    }

    [Fact]
    public void Decide_NobodyKnowsThatTheOldPrimaryStopped_LossIsUnknown() =>
        CandidateChoice.Decide(State(RecoveryKind.Failover, [AcknowledgingSet.Nobody], long.MaxValue, ["us"], null, [AcknowledgingSet.Nobody], "no", At("us", 900)), "orders", 7)
            .Evidence["loss"].ShouldBe("unknown");

    [Fact]
    public void Decide_CommitsWaitForNobodySinceThePlan_FailsInsteadOfPassingOverTheLease()
    {
        var state = State(RecoveryKind.Failover, [Facts.Quorum], long.MaxValue, ["us"], null, [Facts.Quorum, AcknowledgingSet.Nobody], "yes", At("us", 900), At("ap", 900));

        var chosen = CandidateChoice.Decide(state, "orders", 7);

        (chosen.Outcome, chosen.Reason).ShouldBe(
            (StepOutcome.Failed, "commits of orders wait for nobody since this session was planned, and it did not wait for the lease of eu; begin again"));
    }

    [Fact]
    public void Decide_PromiseGivenWhileTheLeaseWasWaitedFor_Counts() =>
        CandidateChoice.Decide(State(RecoveryKind.Failover, [AcknowledgingSet.Nobody], 100, ["us"], null, [AcknowledgingSet.Nobody], "yes"), "orders", 7).Evidence["candidate"].ShouldBe("us");

    [Fact]
    public void Decide_OldPrimaryStoppedInOrder_WhoHasItsLastRecordHasEverything()
    {
        Choose(RecoveryKind.Switchover, [Both], 0, stoppedAt: 900, At("us", 901)).Evidence["acceptable"].ShouldBe("true", "one promise of two, and it has the shutdown checkpoint");
        Choose(RecoveryKind.Switchover, [Both], 0, stoppedAt: 900, At("us", 900)).Evidence["acceptable"].ShouldBe("true", "one promise meets every pair");
        Choose(RecoveryKind.Switchover, [Facts.Quorum], 0, stoppedAt: 900, At("us", 900)).Evidence["acceptable"].ShouldBe("false", "the checkpoint begins at 900 and is not there");
    }

    [Fact]
    public void Decide_AfterALostCandidate_TheStopTellsNothingAnyMore()
    {
        var state = State(RecoveryKind.Switchover, [Facts.Quorum], 0, ["us", "ap"], 900, At("us", 901)) with
        {
            Transitions = [new Contracts.Sessions.SessionTransition { Rule = "DR620", From = "Quiescing", To = "Promoting", Reason = "", At = Facts.Now }],
        };

        CandidateChoice.Decide(state, "orders", 7).Evidence["loss"].ShouldBe("unknown");
    }

    [Fact]
    public void Decide_OldPrimaryStoppedInOrder_MoreOfAnEarlierTimelineIsNotItsLastRecord() =>
        Choose(RecoveryKind.Switchover, [Facts.Quorum], 0, stoppedAt: 900, At("us", 1200) with { Timeline = new TimelineId(0) }).Evidence["loss"].ShouldBe("unknown");

    [Fact]
    public void Decide_NobodyWhoMayLeadPromised_Fails() =>
        CandidateChoice.Decide(State(RecoveryKind.Failover, [Facts.Quorum], 0, ["ap"], null, At("us", 900)), "orders", 7).Outcome.ShouldBe(StepOutcome.Failed);

    [Fact]
    public void S1_SiteFromTheRepository_IsNeverPromotedByItselfBesideAPrimaryThatMayLive() =>
        Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Int[900, 1100], Gen.Int[0, 2], Gen.Bool).Sample((fence, isAsync, usPromises, received, lease, isGuarded) =>
        {
            AcknowledgingSet[] sets = [isAsync ? AcknowledgingSet.Nobody : Facts.Quorum];
            Promise[] promises = [At("ap", (ulong)received), .. usPromises ? [At("us", 900)] : Array.Empty<Promise>()];
            (string, string)[] fenced = fence switch { 0 => [], 1 => [("stopped", "unknown")], _ => [("stopped", "yes")] };

            var chosen = CandidateChoice.Decide(
                Guarded(isGuarded, State(RecoveryKind.Failover, FailoverStrategy.PilotLight, sets, 1 << 20, ["us", "ap"], sets, step => step.Value switch
                {
                    "FenceOldPrimary" => fenced,
                    "AwaitLease" when lease > 0 => [("excluded", lease == 1 ? "no" : "yes"), ("why", "a reason")],
                    _ => [],
                }, promises)),
                "orders", 7);

            // It stopped itself only if it had a lease that ran out, and nothing is left of it where its agent was not there to stop it.
            var isHarmless = fence == 2 || (isAsync ? lease == 2 && isGuarded : usPromises);
            chosen.Evidence.ContainsKey("doubt").ShouldBe(!isHarmless);
            if (!isHarmless)
            {
                chosen.Evidence["acceptable"].ShouldBe("false");
                chosen.Evidence["doubt"].ShouldContain("eu of orders is not known to be stopped");
            }
        });

    [Fact]
    public void Decide_SiteFromTheRepository_LosesWhatTheArchiveLacks_InBytesAndSeconds()
    {
        StepResult Lost(ulong archived, long limit, string at) => CandidateChoice.Decide(
            State(RecoveryKind.Failover, FailoverStrategy.PilotLight, [AcknowledgingSet.Nobody], limit, ["us"], [AcknowledgingSet.Nobody], step => step.Value switch
            {
                "AwaitLease" => [.. Lapsed, ("at", Facts.Now.ToString("O"))],
                "FenceOldPrimary" => [("stopped", "yes")],
                "FollowArchive" => [("member", "us"), ("lsn", new Lsn(archived).ToString()), ("timeline", "1"), ("archivedAt", at)],
                _ => [],
            }, At("us", 900)),
            "orders", 7);

        var known = Lost(960, 40, Facts.Now.AddSeconds(-2.5).ToString("O"));
        (known.Evidence["received"], known.Evidence["loss"], known.Evidence["lossSeconds"], known.Evidence["acceptable"]).ShouldBe((new Lsn(960).ToString(), "40", "2.5", "true"), "what was replayed after the promise counts");
        Lost(959, 40, "").Evidence["acceptable"].ShouldBe("false", "41 bytes are above the limit");
        Lost(1000, 40, Facts.Now.AddSeconds(-9).ToString("O")).Evidence["lossSeconds"].ShouldBe("0", "the archive ends where the primary was seen");
        Lost(960, 40, "").Evidence["lossSeconds"].ShouldBe("unknown", "no commit was replayed");
        Lost(890, 200, "").Evidence["loss"].ShouldBe("100", "an archive that has less takes nothing from a promise");
    }

    // Nobody writes any more, and eu can have written to 1000.
    private static (string, string)[] Lapsed => [("excluded", "yes"), ("reach", "1:0/3E8"), ("rests", "eu was seen")];

    private static Promise At(string member, ulong received) => new(member, 7, new TimelineId(1), new Lsn(received));

    private static StepResult Choose(RecoveryKind kind, AcknowledgingSet[] sets, long limit, params Promise[] promises) => Choose(kind, sets, limit, ["us", "ap"], promises);

    private static StepResult Choose(RecoveryKind kind, AcknowledgingSet[] sets, long limit, string[] promotable, params Promise[] promises) =>
        CandidateChoice.Decide(State(kind, sets, limit, promotable, null, promises), "orders", 7);

    private static StepResult Choose(RecoveryKind kind, AcknowledgingSet[] sets, long limit, ulong stoppedAt, params Promise[] promises) =>
        CandidateChoice.Decide(State(kind, sets, limit, ["us", "ap"], stoppedAt, promises), "orders", 7);

    private static SessionState<RecoveryPlan> Guarded(bool isGuarded, SessionState<RecoveryPlan> state) =>
        state with { Plan = state.Plan with { Clusters = [state.Plan.Clusters[0] with { OldPrimaryIsGuarded = isGuarded }] } };

    // The state a session has when it comes to choose: the machine itself folds the outcomes.
    private static SessionState<RecoveryPlan> State(RecoveryKind kind, AcknowledgingSet[] sets, long limit, string[] promotable, ulong? stoppedAt, params Promise[] promises) =>
        State(kind, FailoverStrategy.HotStandby, sets, limit, promotable, sets, WellStopped(stoppedAt), promises);

    private static SessionState<RecoveryPlan> State(
        RecoveryKind kind, AcknowledgingSet[] sets, long limit, string[] promotable, ulong? stoppedAt, AcknowledgingSet[] found, string excluded, params Promise[] promises) =>
        State(kind, FailoverStrategy.HotStandby, sets, limit, promotable, found, step => step == DrSteps.AwaitLease ? excluded == "yes" ? Lapsed : [("excluded", excluded)] : WellStopped(stoppedAt)(step), promises);

    private static Func<StepName, (string, string)[]> WellStopped(ulong? stoppedAt) => step =>
        step == DrSteps.StopWrites ? [("lsn", new Lsn(stoppedAt ?? 0).ToString()), ("timeline", "1")] : step == DrSteps.AwaitLease ? Lapsed : [];

    private static SessionState<RecoveryPlan> State(
        RecoveryKind kind, FailoverStrategy strategy, AcknowledgingSet[] sets, long limit, string[] promotable, AcknowledgingSet[] found, Func<StepName, (string, string)[]> evidence,
        params Promise[] promises) => Driver(kind, strategy, sets, limit, promotable, found, evidence, promises).State;

    private static MachineDriver<RecoveryPlan> Driver(
        RecoveryKind kind, FailoverStrategy strategy, AcknowledgingSet[] sets, long limit, string[] promotable, AcknowledgingSet[] found, Func<StepName, (string, string)[]> evidence,
        params Promise[] promises)
    {
        var driver = new MachineDriver<RecoveryPlan>(DrSession.Machine, new RecoveryPlan
        {
            Kind = kind,
            Strategy = strategy,
            Application = "shop",
            From = new RegionId("eu"),
            LossLimitBytes = limit,
            Lease = TimeSpan.FromSeconds(3),
            Clusters =
            [
                new ClusterMove
                {
                    Cluster = Facts.Orders, OldPrimary = "eu", Standbys = ["us", "ap"], Promotable = [.. promotable], OpenSets = [.. sets],
                },
            ],
        }).Begin();
        while (driver.Running is [var run, ..] && run.Key.Step != DrSteps.ChooseCandidate)
        {
            driver.End(run.Key.Step, run.Key.Step.Value switch
            {
                "RaiseEpoch" => StepResult.Done(("sets", AcknowledgingSetText.Write(found))) with { RaisedEpoch = 7 },
                "CollectPromises" => StepResult.Done([.. promises.Select(CandidateChoice.ToEvidence)]),
                // Where nobody promised at first, us does while the lease is waited for.
                "AwaitLease" => StepResult.Done([.. evidence(run.Key.Step), .. promises.Length == 0 ? [CandidateChoice.ToEvidence(At("us", 900))] : ((string, string)[])[]]),
                _ => StepResult.Done(evidence(run.Key.Step)),
            });
        }

        return driver;
    }
}
