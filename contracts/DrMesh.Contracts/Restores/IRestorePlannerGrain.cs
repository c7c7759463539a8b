using System.Collections.Immutable;
using DrMesh.Contracts.Access;

namespace DrMesh.Contracts.Restores;

/// <summary>What of a cluster can be restored, and how; keyed by the cluster's name. It changes nothing.</summary>
[Alias("drmesh.restore-planner")]
public interface IRestorePlannerGrain : IGrainWithStringKey
{
    /// <summary>The plan for a target, or its refusal with the nearest moments that can be reached.</summary>
    [Alias("Plan"), LeastRole(AccessRole.Viewer)]
    Task<PitrPlan> Plan(RecoveryTarget target, CancellationToken cancellationToken = default);

    /// <summary>The stretches of time that can be restored to, oldest first; holes between them are holes in the log.</summary>
    [Alias("Windows"), LeastRole(AccessRole.Viewer)]
    Task<ImmutableArray<RecoveryWindow>> Windows(CancellationToken cancellationToken = default);
}
