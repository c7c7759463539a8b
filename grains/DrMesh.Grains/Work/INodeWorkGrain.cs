using DrMesh.Contracts.Access;

namespace DrMesh.Grains.Work;

/// <summary>Does long work on one machine: started, then watched. Keyed <c>region/node</c>; of the mesh only.</summary>
[Alias("drmesh.node-work"), LeastRole(AccessRole.Admin)]
internal interface INodeWorkGrain : IGrainWithStringKey
{
    /// <summary>Starts the work unless an order of that key is known here; tells how it stands.</summary>
    [Alias("Start")]
    Task<WorkReport> Start(WorkOrder order);

    /// <summary>How the work stands.</summary>
    [Alias("Report")]
    Task<WorkReport> Report(string key);

    /// <summary>Stops it; it says <see cref="WorkState.Stopped"/> once it has.</summary>
    [Alias("Stop")]
    Task Stop(string key);
}
