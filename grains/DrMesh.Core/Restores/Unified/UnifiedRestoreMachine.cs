using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using Is = DrMesh.Core.Restores.Unified.UnifiedRestoreGuards;
using On = DrMesh.Core.Sessions.On<DrMesh.Core.Restores.Unified.UnifiedRestorePlan>;
using Rule = DrMesh.Core.Sessions.Rule<DrMesh.Core.Restores.Unified.UnifiedRestorePlan>;

namespace DrMesh.Core.Restores.Unified;

/// <summary>One restore of an application: a look at every place first, then the parts in their turns, then the marker looked for in each; rolled back when any part fails.</summary>
public static class UnifiedRestoreMachine
{
    /// <summary>Looks whether anything is in the way of one part; evidence: <c>inTheWay</c>. Nothing is written.</summary>
    public static readonly StepName CheckPlace = new("CheckPlace");

    /// <summary>Restores one part up to the point or time; evidence: what was written and reached.</summary>
    public static readonly StepName RestorePart = new("RestorePart");

    /// <summary>Looks for the point's marker in one restored part: all parts are then of one point.</summary>
    public static readonly StepName FindMarker = new("FindMarker");

    /// <summary>Hands the application its own state back.</summary>
    public static readonly StepName RestoreState = new("RestoreState");

    /// <summary>Stops what was started of one part; its files stay for a look.</summary>
    public static readonly StepName StopPart = new("StopPart");

    private static readonly Phase Preparing = new("Preparing");
    private static readonly Phase Checking = new("Checking");
    private static readonly Phase Restoring = new("Restoring");
    private static readonly Phase Validating = new("Validating");
    private static readonly Phase HandingBack = new("HandingBack");
    private static readonly Phase RollingBack = new("RollingBack");
    private static readonly Phase Completed = new("Completed");
    private static readonly Phase Failed = new("Failed");
    private static readonly Phase Refused = new("Refused");
    private static readonly Phase Cancelled = new("Cancelled");

    /// <summary>The machine.</summary>
    public static SessionMachine<UnifiedRestorePlan> Machine { get; } = new(
        SessionKinds.UnifiedRestore,
        schemaVersion: 1,
        Preparing,
        [
            new PhaseInfo<UnifiedRestorePlan>(Preparing) { NoReturn = "it begins within this very decision" },
            new PhaseInfo<UnifiedRestorePlan>(Checking),
            new PhaseInfo<UnifiedRestorePlan>(Restoring),
            new PhaseInfo<UnifiedRestorePlan>(Validating),
            new PhaseInfo<UnifiedRestorePlan>(HandingBack) { NoReturn = "the application is taking its state back" },
            new PhaseInfo<UnifiedRestorePlan>(RollingBack) { NoReturn = "it is rolling back already" },
            new PhaseInfo<UnifiedRestorePlan>(Completed) { End = SessionStatus.Succeeded, Outcome = Told },
            new PhaseInfo<UnifiedRestorePlan>(Failed) { End = SessionStatus.Failed, Outcome = WhyFailed },
            new PhaseInfo<UnifiedRestorePlan>(Refused) { End = SessionStatus.Failed, Outcome = WhyRefused },
            new PhaseInfo<UnifiedRestorePlan>(Cancelled) { End = SessionStatus.Cancelled },
        ],
        [
            // What is in the way stays there; whoever clears it begins anew, and nothing was written.
            new StepInfo<UnifiedRestorePlan>(CheckPlace) { Targets = static state => state.Plan.Parts.Select(part => part.Target), Retry = RetryPolicy.Once },
            // Each try begins anew.
            new StepInfo<UnifiedRestorePlan>(RestorePart) { Targets = NextTurn, Retry = new RetryPolicy(3, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20)), Timeout = TimeSpan.FromDays(3) },
            new StepInfo<UnifiedRestorePlan>(FindMarker) { Targets = static state => state.Plan.Parts.Select(part => part.Target) },
            new StepInfo<UnifiedRestorePlan>(RestoreState) { Targets = static state => state.Plan.RestoreHook is null ? [] : [""], Timeout = TimeSpan.FromHours(1) },
            new StepInfo<UnifiedRestorePlan>(StopPart)
            {
                Targets = static state => state.Plan.Parts.Where(part => part.From.Kind == PartKind.PostgreSql).Select(part => part.Target),
            },
        ],
        [
            new Rule("UR100", Preparing, On.Otherwise, Checking, [CheckPlace], "the restore was asked for and planned"),
            new Rule("UR150", Checking, On.CancelAsked, Cancelled, [], "cancelled before anything was written"),
            new Rule("UR160", Checking, On.StepFailed, Refused, [], "something is in the way of a part; nothing was written"),
            new Rule("UR170", Checking, On.StepsDone, Restoring, [RestorePart], "nothing is in the way"),
            new Rule("UR200", Restoring, On.CancelAsked, RollingBack, [StopPart], "cancelled; the application itself was not touched"),
            new Rule("UR210", Restoring, On.StepFailed, RollingBack, [StopPart], "a part could not be restored"),
            new Rule("UR215", Restoring, On.StepsDone & Is.MorePartsWait, Restoring, [RestorePart], "the next parts' turn"),
            new Rule("UR220", Restoring, On.StepsDone, Validating, [FindMarker], "every part is restored"),
            new Rule("UR300", Validating, On.CancelAsked, RollingBack, [StopPart], "cancelled; the application itself was not touched"),
            new Rule("UR310", Validating, On.StepFailed, RollingBack, [StopPart], "a part is not at the point"),
            new Rule("UR320", Validating, On.StepsDone, HandingBack, [RestoreState], "every part holds the marker of the point"),
            new Rule("UR400", HandingBack, On.StepFailed, RollingBack, [StopPart], "the application did not take its state back"),
            new Rule("UR410", HandingBack, On.StepsDone, Completed, [], "the application is restored"),
            new Rule("UR500", RollingBack, On.CancelAsked & On.StepsDone, Cancelled, [], "rolled back on request; directories stay for a look"),
            new Rule("UR510", RollingBack, On.StepsDone, Failed, [], "rolled back; directories stay for a look"),
            new Rule("UR520", RollingBack, On.StepFailed, Failed, [], "a restored server could not be stopped"),
        ]);

    /// <summary>The parts whose turn it is: those of the first turn that is not through.</summary>
    internal static IEnumerable<string> NextTurn(SessionState<UnifiedRestorePlan> state)
    {
        IEnumerable<IEnumerable<string>> turns = state.Plan.Turns.IsDefaultOrEmpty ? [state.Plan.Parts.Select(part => part.Target)] : state.Plan.Turns.Select(turn => turn.AsEnumerable());
        return turns.Select(turn => turn.Where(target => state.Find(RestorePart, target)?.Status != StepStatus.Done)).FirstOrDefault(turn => turn.Any()) ?? [];
    }

    private static string WhyRefused(SessionState<UnifiedRestorePlan> state)
    {
        var failed = state.Steps.Find(step => step.Status is StepStatus.Failed or StepStatus.Unknown);
        return $"{failed?.Target}: {failed?.Reason}; nothing was written";
    }

    private static string Told(SessionState<UnifiedRestorePlan> state) =>
        $"{state.Plan.Application} restored from {state.Plan.Backup} to {state.Plan.Stop}: {string.Join(", ", state.Plan.Parts.Select(part => part.Target))}";

    private static string WhyFailed(SessionState<UnifiedRestorePlan> state)
    {
        var failed = state.Steps.Find(step => step.Status is StepStatus.Failed or StepStatus.Unknown);
        var rest = failed?.Step == StopPart ? "" : "; restored servers were stopped, directories stay for a look";
        return $"{failed?.Label}: {failed?.Reason}{rest}";
    }
}
