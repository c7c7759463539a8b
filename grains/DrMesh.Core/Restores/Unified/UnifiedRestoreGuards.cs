using DrMesh.Core.Sessions;

namespace DrMesh.Core.Restores.Unified;

/// <summary>The named conditions of <see cref="UnifiedRestoreMachine"/>.</summary>
internal static class UnifiedRestoreGuards
{
    /// <summary>Parts are left whose turn has not come.</summary>
    public static Guard<UnifiedRestorePlan> MorePartsWait { get; } = new("MorePartsWait", state => UnifiedRestoreMachine.NextTurn(state).Any());
}
