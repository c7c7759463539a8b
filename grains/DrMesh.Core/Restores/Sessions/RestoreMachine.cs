using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using On = DrMesh.Core.Sessions.On<DrMesh.Core.Restores.Sessions.RestorePlan>;
using Rule = DrMesh.Core.Sessions.Rule<DrMesh.Core.Restores.Sessions.RestorePlan>;

namespace DrMesh.Core.Restores.Sessions;

/// <summary>One restore: base backup, replay to the target, comparison of what was reached; rolled back when any of it fails.</summary>
public static class RestoreMachine
{
    /// <summary>Writes the base backup into the directory and sets the recovery up; evidence: files and bytes.</summary>
    public static readonly StepName RestoreBase = new("RestoreBase");

    /// <summary>Starts the server and replays WAL to the target; evidence: <c>position</c>, <c>time</c>, <c>timeline</c>.</summary>
    public static readonly StepName ReplayLog = new("ReplayLog");

    /// <summary>Compares what was reached with the target.</summary>
    public static readonly StepName ValidateReached = new("ValidateReached");

    /// <summary>Stops the restored server; its directory stays for a look.</summary>
    public static readonly StepName StopRestored = new("StopRestored");

    private static readonly Phase Preparing = new("Preparing");
    private static readonly Phase Restoring = new("Restoring");
    private static readonly Phase Replaying = new("Replaying");
    private static readonly Phase Validating = new("Validating");
    private static readonly Phase RollingBack = new("RollingBack");
    private static readonly Phase Completed = new("Completed");
    private static readonly Phase Failed = new("Failed");
    private static readonly Phase Cancelled = new("Cancelled");

    /// <summary>The machine.</summary>
    public static SessionMachine<RestorePlan> Machine { get; } = new(
        SessionKinds.Restore,
        schemaVersion: 1,
        Preparing,
        [
            new PhaseInfo<RestorePlan>(Preparing) { NoReturn = "it begins within this very decision" },
            new PhaseInfo<RestorePlan>(Restoring),
            new PhaseInfo<RestorePlan>(Replaying),
            new PhaseInfo<RestorePlan>(Validating),
            new PhaseInfo<RestorePlan>(RollingBack) { NoReturn = "it is rolling back already" },
            new PhaseInfo<RestorePlan>(Completed) { End = SessionStatus.Succeeded, Outcome = Told },
            new PhaseInfo<RestorePlan>(Failed) { End = SessionStatus.Failed },
            new PhaseInfo<RestorePlan>(Cancelled) { End = SessionStatus.Cancelled },
        ],
        [
            new StepInfo<RestorePlan>(RestoreBase) { Timeout = TimeSpan.FromDays(3) },
            new StepInfo<RestorePlan>(ReplayLog) { Timeout = TimeSpan.FromDays(3) },
            new StepInfo<RestorePlan>(ValidateReached) { Retry = RetryPolicy.Once },
            new StepInfo<RestorePlan>(StopRestored),
        ],
        [
            new Rule("RS100", Preparing, On.Otherwise, Restoring, [RestoreBase], "the restore was asked for and planned"),
            new Rule("RS200", Restoring, On.CancelAsked, RollingBack, [StopRestored], "cancelled; the cluster itself was not touched"),
            new Rule("RS210", Restoring, On.StepFailed, RollingBack, [StopRestored], "the base backup could not be restored"),
            new Rule("RS220", Restoring, On.StepsDone, Replaying, [ReplayLog], "the base backup is in place"),
            new Rule("RS300", Replaying, On.CancelAsked, RollingBack, [StopRestored], "cancelled; the cluster itself was not touched"),
            new Rule("RS310", Replaying, On.StepFailed, RollingBack, [StopRestored], "the log could not be replayed to the target"),
            new Rule("RS320", Replaying, On.StepsDone, Validating, [ValidateReached], "the server stands where replay ended"),
            new Rule("RS400", Validating, On.CancelAsked, RollingBack, [StopRestored], "cancelled; the cluster itself was not touched"),
            new Rule("RS410", Validating, On.StepFailed, RollingBack, [StopRestored], "what was reached is not the target"),
            new Rule("RS420", Validating, On.StepsDone, Completed, [], "the target is reached"),
            new Rule("RS500", RollingBack, On.CancelAsked & On.StepsDone, Cancelled, [], "rolled back on request; the directory stays for a look"),
            new Rule("RS510", RollingBack, On.StepsDone, Failed, [], "rolled back; the directory stays for a look"),
            new Rule("RS520", RollingBack, On.StepFailed, Failed, [], "the restored server could not be stopped"),
        ]);

    private static string Told(SessionState<RestorePlan> state)
    {
        var reached = state.Evidence(ReplayLog, "", "time") is { } time ? $"last transaction {time}" : "no transaction replayed";
        return $"{state.Plan.Cluster} on {state.Plan.Node} port {state.Plan.Port}: reached {state.Evidence(ReplayLog, "", "position")}, {reached}, target {state.Plan.Target}";
    }
}
