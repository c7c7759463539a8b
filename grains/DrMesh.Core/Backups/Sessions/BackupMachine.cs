using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using Is = DrMesh.Core.Backups.Sessions.BackupGuards;
using On = DrMesh.Core.Sessions.On<DrMesh.Core.Backups.Sessions.BackupPlan>;
using Rule = DrMesh.Core.Sessions.Rule<DrMesh.Core.Backups.Sessions.BackupPlan>;

namespace DrMesh.Core.Backups.Sessions;

/// <summary>The backup of one cluster: choose a source, read it, make sure that every tier has it.</summary>
public static class BackupMachine
{
    /// <summary>Observes the members and chooses the one to read; evidence: <c>node</c>, <c>way</c> (beside or remote), <c>unfit</c>.</summary>
    public static readonly StepName ChooseSource = new("ChooseSource");

    /// <summary>Makes the backup under the session's name; evidence: sizes, positions, <c>lostTiers</c>.</summary>
    public static readonly StepName RunBackup = new("RunBackup");

    /// <summary>Reads the manifest back and checks that every object it refers to is there.</summary>
    public static readonly StepName ValidateBackup = new("ValidateBackup");

    /// <summary>Fails, and so degrades the session, when a tier does not hold the backup.</summary>
    public static readonly StepName ConfirmTiers = new("ConfirmTiers");

    /// <summary>Writes the backup into the catalogue.</summary>
    public static readonly StepName UpdateCatalogue = new("UpdateCatalogue");

    private static readonly Phase Preparing = new("Preparing");
    private static readonly Phase Choosing = new("Choosing");
    private static readonly Phase BackingUp = new("BackingUp");
    private static readonly Phase Validating = new("Validating");
    private static readonly Phase Completed = new("Completed");
    private static readonly Phase Failed = new("Failed");
    private static readonly Phase Cancelled = new("Cancelled");

    /// <summary>The machine.</summary>
    public static SessionMachine<BackupPlan> Machine { get; } = new(
        SessionKinds.Backup,
        schemaVersion: 1,
        Preparing,
        [
            new PhaseInfo<BackupPlan>(Preparing) { NoReturn = "it begins within this very decision" },
            new PhaseInfo<BackupPlan>(Choosing),
            new PhaseInfo<BackupPlan>(BackingUp),
            new PhaseInfo<BackupPlan>(Validating) { NoReturn = "the backup is committed; drmesh backup delete removes it" },
            new PhaseInfo<BackupPlan>(Completed) { End = SessionStatus.Succeeded, Outcome = Told },
            new PhaseInfo<BackupPlan>(Failed) { End = SessionStatus.Failed },
            new PhaseInfo<BackupPlan>(Cancelled) { End = SessionStatus.Cancelled },
        ],
        [
            new StepInfo<BackupPlan>(ChooseSource),
            // One try: whoever fails is passed over, the next choice is made by what is observed then.
            new StepInfo<BackupPlan>(RunBackup) { Retry = RetryPolicy.Once, Timeout = TimeSpan.FromDays(3) },
            new StepInfo<BackupPlan>(ValidateBackup) { Timeout = TimeSpan.FromHours(1) },
            new StepInfo<BackupPlan>(ConfirmTiers) { Retry = RetryPolicy.Once, IsOptional = true },
            // The backup is whole without its row, and a rebuild brings the row back.
            new StepInfo<BackupPlan>(UpdateCatalogue) { IsOptional = true },
        ],
        [
            new Rule("BK100", Preparing, On.Otherwise, Choosing, [ChooseSource], "the backup was asked for"),
            new Rule("BK200", Choosing, On.CancelAsked, Cancelled, [], "cancelled before anything was read"),
            new Rule("BK210", Choosing, On.StepFailed, Failed, [], "no member of the cluster can be backed up"),
            new Rule("BK220", Choosing, On.StepsDone, BackingUp, [RunBackup], "a source is chosen"),
            new Rule("BK300", BackingUp, On.CancelAsked, Cancelled, [], "cancelled; nothing is recorded, what was stored is reused or collected"),
            new Rule("BK310", BackingUp, On.StepFailed & Is.WorthAnotherSource, Choosing, [ChooseSource], "the source failed; another member, or the same later, may serve"),
            new Rule("BK320", BackingUp, On.StepFailed, Failed, [], "the backup could not be made"),
            new Rule("BK330", BackingUp, On.StepsDone, Validating, [ValidateBackup, ConfirmTiers, UpdateCatalogue], "the backup is committed"),
            new Rule("BK400", Validating, On.StepFailed, Failed, [], "the committed backup does not read back whole"),
            new Rule("BK410", Validating, On.StepsDone, Completed, [], "the backup is whole"),
        ]);

    private static string Told(SessionState<BackupPlan> state) =>
        $"backup {state.Plan.Backup} of {state.Plan.Cluster} is whole{(state.Evidence(ConfirmTiers, "", "tiers") is { } tiers ? $" in {tiers}" : "")}";
}
