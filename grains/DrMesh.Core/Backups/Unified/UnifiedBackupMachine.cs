using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using Is = DrMesh.Core.Backups.Unified.UnifiedBackupGuards;
using On = DrMesh.Core.Sessions.On<DrMesh.Core.Backups.Unified.UnifiedBackupPlan>;
using Rule = DrMesh.Core.Sessions.Rule<DrMesh.Core.Backups.Unified.UnifiedBackupPlan>;

namespace DrMesh.Core.Backups.Unified;

/// <summary>
/// The backup of an application at one consistency point. The bulk of every part is copied first and the point is taken then, so that writes are held for the point alone: a log
/// leads each database from its copy to the point, and a file tree is read again at the point for what changed since.
/// </summary>
public static class UnifiedBackupMachine
{
    /// <summary>Copies one part; evidence: sizes, positions, <c>lostTiers</c>.</summary>
    public static readonly StepName CopyPart = new("CopyPart");

    /// <summary>Holds writes where asked, takes the point in every part, lets writes go on; evidence: <c>point</c>, times, and <c>TARGET.FACT</c> of each part.</summary>
    public static readonly StepName TakePoint = new("TakePoint");

    /// <summary>Tells the application to write again, once more and whatever happened before: the attempt that held it may have died with its silo.</summary>
    public static readonly StepName ResumeApplication = new("ResumeApplication");

    /// <summary>Waits until the repository holds one part up to the point, and checks that its objects are there.</summary>
    public static readonly StepName SealPart = new("SealPart");

    /// <summary>Holds the parts against each other: complete, each copy before the point, each within the limits.</summary>
    public static readonly StepName CrossValidate = new("CrossValidate");

    /// <summary>Writes the manifest into the application's repositories.</summary>
    public static readonly StepName RecordManifest = new("RecordManifest");

    /// <summary>Fails, and so degrades the session, when a tier lacks a part or the manifest, or files could not be read.</summary>
    public static readonly StepName ConfirmComplete = new("ConfirmComplete");

    /// <summary>Removes what the session stored of one part.</summary>
    public static readonly StepName RemovePart = new("RemovePart");

    /// <summary>Brings the catalogue in line with what the session left in the repositories; evidence: <c>rows</c>.</summary>
    public static readonly StepName UpdateCatalogue = new("UpdateCatalogue");

    private static readonly Phase Preparing = new("Preparing");
    private static readonly Phase Copying = new("Copying");
    private static readonly Phase TakingPoint = new("TakingPoint");
    private static readonly Phase Resuming = new("Resuming");
    private static readonly Phase ResumingInVain = new("ResumingInVain");
    private static readonly Phase Sealing = new("Sealing");
    private static readonly Phase Validating = new("Validating");
    private static readonly Phase Recording = new("Recording");
    private static readonly Phase Tidying = new("Tidying");
    private static readonly Phase Keeping = new("Keeping");
    private static readonly Phase Removing = new("Removing");
    private static readonly Phase Completed = new("Completed");
    private static readonly Phase Failed = new("Failed");
    private static readonly Phase Cancelled = new("Cancelled");

    /// <summary>The machine.</summary>
    public static SessionMachine<UnifiedBackupPlan> Machine { get; } = new(
        SessionKinds.UnifiedBackup,
        schemaVersion: 1,
        Preparing,
        [
            new PhaseInfo<UnifiedBackupPlan>(Preparing) { NoReturn = "it begins within this very decision" },
            new PhaseInfo<UnifiedBackupPlan>(Copying),
            new PhaseInfo<UnifiedBackupPlan>(TakingPoint),
            new PhaseInfo<UnifiedBackupPlan>(Resuming) { NoReturn = "the application must write again first" },
            new PhaseInfo<UnifiedBackupPlan>(ResumingInVain) { NoReturn = "the application must write again first" },
            new PhaseInfo<UnifiedBackupPlan>(Sealing),
            new PhaseInfo<UnifiedBackupPlan>(Validating),
            new PhaseInfo<UnifiedBackupPlan>(Recording) { NoReturn = "the manifest is being written; what it names is whole" },
            new PhaseInfo<UnifiedBackupPlan>(Tidying) { NoReturn = "it is ending already" },
            new PhaseInfo<UnifiedBackupPlan>(Keeping) { NoReturn = "it is ending already" },
            new PhaseInfo<UnifiedBackupPlan>(Removing) { NoReturn = "it is ending already" },
            new PhaseInfo<UnifiedBackupPlan>(Completed) { End = SessionStatus.Succeeded, Outcome = Told },
            new PhaseInfo<UnifiedBackupPlan>(Failed) { End = SessionStatus.Failed, Outcome = WhyFailed },
            new PhaseInfo<UnifiedBackupPlan>(Cancelled) { End = SessionStatus.Cancelled },
        ],
        [
            new StepInfo<UnifiedBackupPlan>(CopyPart) { Targets = Parts, Retry = new RetryPolicy(3, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20)), Timeout = TimeSpan.FromDays(3) },
            // Each try holds writes: a few, with air between them.
            new StepInfo<UnifiedBackupPlan>(TakePoint) { Retry = new RetryPolicy(3, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)), Timeout = TimeSpan.FromMinutes(15) },
            // Past its dead-man limit the application writes again by itself, so the session need not wait for ever on a hook that nobody answers.
            new StepInfo<UnifiedBackupPlan>(ResumeApplication)
            {
                Targets = static state => state.Plan.Quiesces ? [""] : [], Retry = new RetryPolicy(12, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10)), IsOptional = true,
            },
            new StepInfo<UnifiedBackupPlan>(SealPart) { Targets = Parts, Timeout = TimeSpan.FromHours(1) },
            new StepInfo<UnifiedBackupPlan>(CrossValidate) { Retry = RetryPolicy.Once },
            new StepInfo<UnifiedBackupPlan>(RecordManifest) { Timeout = TimeSpan.FromMinutes(10) },
            new StepInfo<UnifiedBackupPlan>(ConfirmComplete) { Retry = RetryPolicy.Once, IsOptional = true },
            new StepInfo<UnifiedBackupPlan>(RemovePart) { Targets = Parts, Timeout = TimeSpan.FromMinutes(10), IsOptional = true },
            // The backup is whole without its rows, and a rebuild brings them back.
            new StepInfo<UnifiedBackupPlan>(UpdateCatalogue) { IsOptional = true },
        ],
        [
            new Rule("UB100", Preparing, On.Otherwise, Copying, [CopyPart], "the backup was asked for"),
            new Rule("UB200", Copying, On.CancelAsked, Removing, [RemovePart, UpdateCatalogue], "cancelled before the point was taken"),
            new Rule("UB210", Copying, On.StepFailed, Tidying, [], "a part could not be copied"),
            new Rule("UB220", Copying, On.StepsDone, TakingPoint, [TakePoint], "every part is copied"),
            new Rule("UB300", TakingPoint, On.CancelAsked, ResumingInVain, [ResumeApplication], "cancelled while the point was taken"),
            new Rule("UB310", TakingPoint, On.StepFailed, ResumingInVain, [ResumeApplication], "the point could not be taken"),
            new Rule("UB320", TakingPoint, On.StepsDone, Resuming, [ResumeApplication], "the point is taken"),
            new Rule("UB400", Resuming, On.StepsDone, Sealing, [SealPart], "the application writes"),
            new Rule("UB440", ResumingInVain, On.CancelAsked & On.StepsDone, Removing, [RemovePart, UpdateCatalogue], "cancelled; the application writes"),
            new Rule("UB450", ResumingInVain, On.StepsDone, Tidying, [], "the application writes, and there is no point"),
            new Rule("UB500", Sealing, On.CancelAsked, Removing, [RemovePart, UpdateCatalogue], "cancelled; the manifest was not written"),
            new Rule("UB510", Sealing, On.StepFailed, Tidying, [], "the repository does not hold a part up to the point"),
            new Rule("UB520", Sealing, On.StepsDone, Validating, [CrossValidate], "every part is stored up to the point"),
            new Rule("UB600", Validating, On.CancelAsked, Removing, [RemovePart, UpdateCatalogue], "cancelled; the manifest was not written"),
            new Rule("UB610", Validating, On.StepFailed, Tidying, [], "the parts do not fit each other"),
            new Rule("UB620", Validating, On.StepsDone, Recording, [RecordManifest, ConfirmComplete, UpdateCatalogue], "the parts fit each other"),
            new Rule("UB700", Recording, On.StepFailed, Tidying, [], "the manifest could not be written"),
            new Rule("UB710", Recording, On.StepsDone, Completed, [], "the backup is whole"),
            new Rule("UB800", Tidying, Is.ToRemoveParts, Removing, [RemovePart, UpdateCatalogue], "the policy removes the good parts of a failed backup"),
            new Rule("UB810", Tidying, On.Otherwise, Keeping, [UpdateCatalogue], "the policy keeps the good parts; they can be restored one by one"),
            new Rule("UB850", Keeping, On.StepsDone, Failed, [], "the parts that are there stand in the catalogue"),
            new Rule("UB900", Removing, On.CancelAsked & On.StepsDone, Cancelled, [], "cancelled; nothing is recorded"),
            new Rule("UB910", Removing, On.StepsDone, Failed, [], "the parts are removed"),
        ]);

    private static IEnumerable<string> Parts(SessionState<UnifiedBackupPlan> state) => state.Plan.Parts.Select(part => part.Target);

    // What was measured stands in the evidence and the manifest; how it ended is the same whatever happened on the way.
    private static string Told(SessionState<UnifiedBackupPlan> state) =>
        $"backup {state.Plan.Backup} of {state.Plan.Application} is whole: {state.Plan.Parts.Length} parts at one point ({state.Plan.Consistency.Mode.ToString().ToLowerInvariant()})";

    // The part that failed is what a person must know, not the tidying after it.
    private static string WhyFailed(SessionState<UnifiedBackupPlan> state)
    {
        var failed = state.Steps.Find(step => step.Status is StepStatus.Failed or StepStatus.Unknown && step.Step != ResumeApplication && step.Step != RemovePart && step.Step != UpdateCatalogue);
        var parts = state.Plan.WhenPartFails == Contracts.Estate.FailedSession.RemoveOthers ? "the other parts are removed" : "the other parts stay and can be restored one by one";
        return $"{failed?.Label}: {failed?.Reason}; {parts}";
    }
}
