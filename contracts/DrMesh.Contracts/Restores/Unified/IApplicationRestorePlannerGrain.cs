using DrMesh.Contracts.Access;

namespace DrMesh.Contracts.Restores.Unified;

/// <summary>How an application can be restored; keyed by its name. It changes nothing.</summary>
[Alias("drmesh.application-restore-planner")]
public interface IApplicationRestorePlannerGrain : IGrainWithStringKey
{
    /// <summary>The plan for a request, or its refusal.</summary>
    [Alias("Plan"), LeastRole(AccessRole.Viewer)]
    Task<UnifiedPitrPlan> Plan(StartUnifiedRestore request, CancellationToken cancellationToken = default);
}
