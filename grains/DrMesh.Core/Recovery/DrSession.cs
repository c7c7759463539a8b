using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;
using static DrMesh.Core.Recovery.DrGuards;
using static DrMesh.Core.Recovery.DrPhases;
using static DrMesh.Core.Recovery.DrSteps;
using On = DrMesh.Core.Sessions.On<DrMesh.Core.Recovery.RecoveryPlan>;

namespace DrMesh.Core.Recovery;

/// <summary>The machine of failover, switchover and failback of one application.</summary>
public static class DrSession
{
    private const string PromotionBegan = "a candidate may accept writes already; it goes on to the end or to another candidate";
    private const string NewPrimaryServes = "the new primary serves; go back with drmesh failback";
    private const string NewPrimaryMayServe = "a new primary serves already, or is about to; go back with drmesh failback";

    // The clusters behind the sets have stopped writing.
    private static readonly TimeSpan HandOverLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HookLimit = TimeSpan.FromDays(1);
    private static readonly RetryPolicy Quick = new(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    private static readonly ImmutableArray<StepName> Refence = [RaiseEpoch, CollectPromises, FenceOldPrimary, AwaitLease, FollowArchive, ChooseCandidate];
    private static readonly ImmutableArray<StepName> Fence = [CallBefore, .. Refence, RaiseSetEpoch, ChooseSetPrimary];
    private static readonly ImmutableArray<StepName> Quiesce =
        [CallBefore, PrepareCheckpoint, RaiseEpoch, StopWrites, AwaitCaughtUp, CollectPromises, ChooseCandidate, RaiseSetEpoch, ChooseSetPrimary];
    // Where nobody can be asked nothing is forced, so that nothing has to be known of a set before: then it is looked at only when its turn comes, and holds up no promotion.
    private static readonly ImmutableArray<StepName> MoveSets = [RaiseSetEpoch, ChooseSetPrimary, MoveSetPrimary, ProveSetWrite];
    private static readonly ImmutableArray<StepName> Return = [ReturnToOldPrimary, ReleaseSet];
    private static readonly ImmutableArray<StepName> Switch = [SwitchService, CallAfter];
    private static readonly ImmutableArray<StepName> Promote = [PromoteCandidate, RepointStandbys, ApplyDurability];

    /// <summary>The machine.</summary>
    public static SessionMachine<RecoveryPlan> Machine { get; } = new(SessionKinds.Recovery, 2, Planned, Phases(), Steps(), Rules());

    private static ImmutableArray<PhaseInfo<RecoveryPlan>> Phases() =>
    [
        new(Planned),
        new(PreparingSite),
        new(SyncingBack),
        new(Assessing),
        new(AwaitingApproval)
        {
            Approval = new("Begin", state => string.Join("; ", state.Plan.ApprovalReasons), state => state.Plan.Approvers),
            Limit = TimeSpan.FromHours(24),
        },
        new(Restoring),
        new(Fencing),
        new(Refencing) { NoReturn = PromotionBegan },
        new(AwaitingLossApproval)
        {
            Approval = new(SetSession.Approval, LossQuestion, state => state.Plan.Approvers),
            Limit = TimeSpan.FromHours(24),
        },
        new(Quiescing),
        new(Promoting) { NoReturn = PromotionBegan },
        new(Validating) { NoReturn = PromotionBegan },
        new(HandingOverSets) { Limit = HandOverLimit },
        new(MovingSets) { NoReturn = NewPrimaryMayServe },
        new(SwitchingTraffic) { NoReturn = NewPrimaryServes },
        new(Stabilising) { NoReturn = NewPrimaryServes },
        new(Returning) { NoReturn = "the old primary is being brought back already" },
        new(Completed) { End = SessionStatus.Succeeded },
        new(Failed) { End = SessionStatus.Failed },
        new(Cancelled) { End = SessionStatus.Cancelled },
    ];

    private static ImmutableArray<StepInfo<RecoveryPlan>> Steps() =>
    [
        OnClusters(RejoinFormer, RetryPolicy.Standard, TimeSpan.FromHours(12)),
        OnClusters(AwaitSync, RetryPolicy.Standard, TimeSpan.FromHours(12)),
        OnClusters(ObserveMembers, Quick, TimeSpan.FromSeconds(5)),
        OnClusters(RestoreSite, RetryPolicy.Standard, TimeSpan.FromHours(12)),
        // A hook is tried as often, and as long, as the estate says; no step of its own limit may end that sooner.
        new(CallBefore) { Targets = state => state.Plan.Hooks.Before, Retry = RetryPolicy.Once, Timeout = HookLimit },
        new(CallAfter) { Targets = state => state.Plan.Hooks.After, Retry = RetryPolicy.Once, Timeout = HookLimit, IsOptional = true },
        OnClusters(RaiseEpoch, Quick, TimeSpan.FromSeconds(5)),
        OnClusters(CollectPromises, Quick, TimeSpan.FromSeconds(5)),
        // A fence that cannot be reached is no obstacle: the promises, or the lease, keep the old primary from acknowledging.
        OnClusters(FenceOldPrimary, RetryPolicy.Once, TimeSpan.FromSeconds(2)) with { IsOptional = true },
        OnClusters(AwaitLease, Quick, TimeSpan.FromMinutes(6)) with { Targets = state => Names(MoveTurns.Clusters(state).Where(move => move.IsAsync || move.Durability.WhenQuorumLost == QuorumLost.Async)) },
        // The archive's rest makes the loss smaller. A repository that answers no more must not stop what has come up from it: the loss says what it has.
        OnClusters(FollowArchive, Quick, TimeSpan.FromHours(1)) with { Targets = state => state.Plan.RestoresFirst ? Names(MoveTurns.Clusters(state)) : [], IsOptional = true },
        OnClusters(ChooseCandidate, Quick, TimeSpan.FromSeconds(5)),
        OnClusters(PrepareCheckpoint, Quick, TimeSpan.FromMinutes(10)),
        OnClusters(StopWrites, Quick, TimeSpan.FromSeconds(30)),
        OnClusters(AwaitCaughtUp, Quick, TimeSpan.FromSeconds(30)),
        OnClusters(PromoteCandidate, Quick, TimeSpan.FromSeconds(30)),
        OnClusters(RepointStandbys, Quick, TimeSpan.FromSeconds(30)) with { IsOptional = true },
        OnClusters(ApplyDurability, Quick, TimeSpan.FromSeconds(10)),
        OnClusters(ProveWrite, Quick, TimeSpan.FromSeconds(10)),
        new(SwitchService) { Targets = state => state.Plan.Services, Retry = RetryPolicy.Standard, Timeout = TimeSpan.FromMinutes(3), IsOptional = true },
        OnClusters(RejoinOldPrimary, Quick, TimeSpan.FromMinutes(10)) with { IsOptional = true },
        OnClusters(WatchStability, Quick, TimeSpan.FromMinutes(5)) with { IsOptional = true },
        OnClusters(ReturnToOldPrimary, RetryPolicy.Standard, TimeSpan.FromMinutes(1)),
        OnSets(RejoinSetMembers, RetryPolicy.Standard, TimeSpan.FromHours(12)),
        OnSets(RaiseSetEpoch, Quick, TimeSpan.FromSeconds(5), IsChosenIn),
        OnSets(ChooseSetPrimary, Quick, TimeSpan.FromSeconds(10), IsChosenIn),
        // An election takes up to 12 s, a step-down waits up to 10 s for another to catch up, and either may have to be done twice.
        OnSets(MoveSetPrimary, Quick, TimeSpan.FromMinutes(1)),
        OnSets(ProveSetWrite, Quick, TimeSpan.FromSeconds(15)),
        OnSets(SettleSet, Quick, TimeSpan.FromSeconds(15)) with { IsOptional = true },
        OnSets(ReleaseSet, RetryPolicy.Standard, TimeSpan.FromMinutes(1)),
    ];

    private static ImmutableArray<Rule<RecoveryPlan>> Rules() =>
    [
        new("DR100", Planned, On.CancelAsked, Cancelled, [], "nothing was touched"),
        new("DR110", Planned, IsFailback, PreparingSite, [RejoinFormer, RejoinSetMembers], "the former primary must follow before it can lead"),
        new("DR120", Planned, On.Otherwise, Assessing, [ObserveMembers], "what is there decides what is done"),

        new("DR200", PreparingSite, On.CancelAsked, Cancelled, [], "the primary was not touched"),
        new("DR210", PreparingSite, On.StepFailed, Failed, [], "the former primary could not be brought back as a standby"),
        new("DR220", PreparingSite, On.StepsDone, SyncingBack, [AwaitSync], "the former primary follows"),
        new("DR230", SyncingBack, On.CancelAsked, Cancelled, [], "the primary was not touched"),
        new("DR240", SyncingBack, On.StepFailed, Failed, [], "the former primary does not catch up"),
        new("DR250", SyncingBack, On.StepsDone, Assessing, [ObserveMembers], "the former primary has everything"),

        new("DR300", Assessing, On.CancelAsked, Cancelled, [], "nothing was touched"),
        new("DR310", Assessing, On.StepFailed, Failed, [], "the clusters could not be assessed"),
        new("DR320", Assessing, On.StepsDone & NeedsApproval, AwaitingApproval, [], "a person must agree before anything is touched"),
        new("DR330", Assessing, On.StepsDone & RestoresFirst, Restoring, [RestoreSite], "the other site comes up from the repository"),
        new("DR340", Assessing, On.StepsDone & IsPlannedMove, Quiescing, Quiesce, "a planned move stops writes first"),
        new("DR350", Assessing, On.StepsDone, Fencing, Fence, "nobody may acknowledge for the old primary any more"),

        new("DR400", AwaitingApproval, On.CancelAsked, Cancelled, [], "nothing was touched"),
        new("DR410", AwaitingApproval, On.Approved & RestoresFirst, Restoring, [RestoreSite], "approved; the other site comes up from the repository"),
        new("DR420", AwaitingApproval, On.Approved & IsPlannedMove, Quiescing, Quiesce, "approved; a planned move stops writes first"),
        new("DR430", AwaitingApproval, On.Approved, Fencing, Fence, "approved; nobody may acknowledge for the old primary any more"),
        new("DR440", AwaitingApproval, On.Overdue, Failed, [], "nobody approved in time; nothing was touched"),

        new("DR450", Restoring, On.CancelAsked, Cancelled, [], "the primary was not touched"),
        new("DR460", Restoring, On.StepFailed, Failed, [], "the other site could not be brought up"),
        new("DR470", Restoring, On.StepsDone, Fencing, Fence, "the other site is up; nobody may acknowledge for the old primary any more"),

        new("DR500", Fencing, On.CancelAsked, Returning, Return, "nothing was promoted"),
        new("DR510", Fencing, On.StepFailed, Returning, Return, "no candidate can be promoted safely"),
        new("DR515", Fencing, On.StepsDone & IsLossAcceptable & IsTurnOfSets, MovingSets, MoveSets, "the old primary can no longer acknowledge a write; the replica sets are first in the estate's order"),
        new("DR520", Fencing, On.StepsDone & IsLossAcceptable, Promoting, Promote, "the old primary can no longer acknowledge a write, and the candidate has what was acknowledged"),
        new("DR530", Fencing, On.StepsDone, AwaitingLossApproval, [], "acknowledged writes may be lost: a person must agree"),
        new("DR540", AwaitingLossApproval, On.CancelAsked, Returning, Return, "nothing was promoted"),
        new("DR545", AwaitingLossApproval, On.Approved & IsTurnOfSets, MovingSets, MoveSets, "a person accepts the loss; the replica sets are first in the estate's order"),
        new("DR550", AwaitingLossApproval, On.Approved, Promoting, Promote, "a person accepts the loss"),
        new("DR560", AwaitingLossApproval, On.Overdue, Returning, Return, "nobody accepted the loss in time"),

        new("DR600", Quiescing, On.CancelAsked, Returning, Return, "nothing was promoted"),
        new("DR610", Quiescing, On.StepFailed, Returning, Return, "the new primary would not have everything"),
        new("DR615", Quiescing, On.StepsDone & IsLossAcceptable & IsTurnOfSets, HandingOverSets, [MoveSetPrimary, ProveSetWrite], "all is ready to move; the replica sets are first in the estate's order"),
        new("DR620", Quiescing, On.StepsDone & IsLossAcceptable, Promoting, Promote, "writes are stopped and the candidate has everything"),
        new("DR630", Quiescing, On.StepsDone, Returning, Return, "a planned move loses nothing, and this one would"),

        new("DR640", HandingOverSets, On.CancelAsked, Returning, Return, "nothing was promoted; a set that has moved goes back"),
        new("DR650", HandingOverSets, On.StepFailed, Returning, Return, "a replica set does not serve where it should, and nothing was promoted; what has moved goes back"),
        new("DR660", HandingOverSets, On.StepsDone & IsTurnOfClusters, Promoting, Promote, "the replica sets serve; the clusters behind them are next"),
        new("DR670", HandingOverSets, On.StepsDone, SwitchingTraffic, Switch, "the replica sets serve"),
        new("DR680", HandingOverSets, On.Overdue, Returning, Return, "the replica sets take too long, and nothing was promoted; what has moved goes back"),

        new("DR700", Promoting, On.StepFailed & HasTriesLeft, Refencing, Refence, "the candidate was lost; another is chosen under a higher epoch"),
        new("DR710", Promoting, On.StepFailed, Failed, [], "candidates were lost one after another; a person must look"),
        new("DR720", Promoting, On.StepsDone, Validating, [ProveWrite], "the candidate is primary"),
        new("DR730", Validating, On.StepFailed & HasTriesLeft, Refencing, Refence, "the new primary accepts no write; another is chosen under a higher epoch"),
        new("DR740", Validating, On.StepFailed, Failed, [], "no new primary accepts writes; a person must look"),
        new("DR745", Validating, On.StepsDone & IsTurnOfSets, MovingSets, MoveSets, "the new primary accepts writes under its epoch; the replica sets follow"),
        new("DR750", Validating, On.StepsDone, SwitchingTraffic, Switch, "the new primary accepts writes under its epoch"),
        // A candidate may have acknowledged writes: going back to the old primary could lose them, so this ends in another promotion or in a person's hands.
        new("DR760", Refencing, On.StepFailed, Failed, [], "a candidate was lost and no other can be promoted safely; a person must look"),
        new("DR770", Refencing, On.StepsDone & IsLossAcceptable, Promoting, Promote, "another candidate has what was acknowledged, and nobody acknowledges for the lost one"),
        new("DR780", Refencing, On.StepsDone, Failed, [], "a candidate was lost and another could lose acknowledged writes; a person must look"),
        new("DR785", MovingSets, On.StepFailed & HasOnlySets, Failed, [], "a replica set does not serve where it should; a person must look"),
        new("DR787", MovingSets, On.StepFailed & IsTurnOfClusters, Promoting, Promote, "a replica set does not serve where it should; the clusters behind it move nevertheless"),
        new("DR790", MovingSets, On.StepFailed, SwitchingTraffic, Switch, "a replica set does not serve where it should, the other clusters do, and names follow them"),
        new("DR792", MovingSets, On.StepsDone & IsTurnOfClusters, Promoting, Promote, "the replica sets serve; the clusters behind them are next"),
        new("DR795", MovingSets, On.StepsDone, SwitchingTraffic, Switch, "the replica sets serve"),
        new("DR800", SwitchingTraffic, On.StepsDone, Stabilising, [RejoinOldPrimary, WatchStability, SettleSet], "the names answer with the new region"),
        new("DR810", Stabilising, On.StepsDone, Completed, [], "the new primary serves"),

        new("DR900", Returning, On.StepsDone & On.CancelAsked, Cancelled, [], "a person cancelled; the old primary serves"),
        new("DR910", Returning, On.StepsDone, Failed, [], "nothing was promoted; the old primary serves where it is alive"),
        new("DR920", Returning, On.StepFailed, Failed, [], "nothing was promoted and the old primary could not be brought back; a person must look"),
    ];

    private static StepInfo<RecoveryPlan> OnClusters(StepName step, RetryPolicy retry, TimeSpan timeout) =>
        new(step) { Targets = state => Names(MoveTurns.Clusters(state)), Retry = retry, Timeout = timeout };

    private static StepInfo<RecoveryPlan> OnSets(StepName step, RetryPolicy retry, TimeSpan timeout, Func<Phase, SetMove, bool>? isIn = null) =>
        new(step) { Targets = state => MoveTurns.Sets(state).Where(move => isIn is null || isIn(state.Phase, move)).Select(move => move.Cluster.Value), Retry = retry, Timeout = timeout };

    private static bool IsChosenIn(Phase phase, SetMove move) => move.MayAsk == (phase != MovingSets);

    private static IEnumerable<string> Names(IEnumerable<ClusterMove> moves) => moves.Select(move => move.Cluster.Value);

    private static string LossQuestion(SessionState<RecoveryPlan> state) => string.Join(
        "; ",
        state.Plan.Clusters
            .Select(move => move.Cluster.Value)
            .Where(cluster => state.Evidence(ChooseCandidate, cluster, "acceptable") != "true")
            .Select(cluster =>
                $"promoting {state.Evidence(ChooseCandidate, cluster, "candidate")} of {cluster} may lose {state.Evidence(ChooseCandidate, cluster, "loss")} bytes of acknowledged WAL"
                + (state.Evidence(ChooseCandidate, cluster, "lossSeconds") is { } seconds ? $" ({seconds} s)" : "")
                + $", the limit is {state.Plan.LossLimitBytes}"
                + (state.Evidence(ChooseCandidate, cluster, "rests") is { } rests ? $"; {rests}" : "")
                + (state.Evidence(ChooseCandidate, cluster, "doubt") is { } doubt ? $"; {doubt}"
                    : state.Evidence(AwaitLease, cluster, "excluded") == "no" ? $"; {state.Plan[cluster].OldPrimary} may still be writing: {state.Evidence(AwaitLease, cluster, "why")}" : ""))
            .Concat(state.Plan.Sets.Select(move => state.Evidence(ChooseSetPrimary, move.Cluster.Value, "question") ?? "").Where(question => question.Length > 0)));
}
