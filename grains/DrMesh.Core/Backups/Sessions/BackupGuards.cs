using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Backups.Sessions;

/// <summary>The named conditions of <see cref="BackupMachine"/>.</summary>
internal static class BackupGuards
{
    private const int MostSources = 3;

    /// <summary>Fewer than three sources were tried, and the last failure was the source's, not the repository's.</summary>
    public static Guard<BackupPlan> WorthAnotherSource { get; } = new("WorthAnotherSource", state =>
        state.Steps.Count(step => step.Step == BackupMachine.RunBackup && step.Status is StepStatus.Failed or StepStatus.Unknown) < MostSources
        && state.Find(BackupMachine.RunBackup)?.Evidence.GetValueOrDefault("blame") == "source");
}
