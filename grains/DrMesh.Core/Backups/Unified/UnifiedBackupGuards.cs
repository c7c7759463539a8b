using DrMesh.Contracts.Estate;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Backups.Unified;

/// <summary>The named conditions of <see cref="UnifiedBackupMachine"/>.</summary>
internal static class UnifiedBackupGuards
{
    /// <summary>The policy removes what good parts there are.</summary>
    public static Guard<UnifiedBackupPlan> ToRemoveParts { get; } = new("ToRemoveParts", state => state.Plan.WhenPartFails == FailedSession.RemoveOthers);
}
