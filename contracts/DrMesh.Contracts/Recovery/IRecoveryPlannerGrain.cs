using System.Collections.Immutable;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Recovery;

/// <summary>Shows what a failover, switchover or failback would do. It touches nothing.</summary>
[Alias("drmesh.recovery-planner")]
public interface IRecoveryPlannerGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Key = "recovery";

    /// <summary>What the request would do now.</summary>
    [Alias("Preview"), LeastRole(AccessRole.Viewer)]
    Task<RecoveryPreview> Preview(StartRecovery request, CancellationToken cancellationToken);

    /// <summary>The applications that have a primary in a region, in the estate's order.</summary>
    [Alias("ApplicationsIn"), LeastRole(AccessRole.Viewer)]
    Task<ImmutableArray<string>> ApplicationsIn(RegionId region, CancellationToken cancellationToken);
}
