using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Recovery.Sites;

/// <summary>A member is to come up from the repository, or to replay what was archived since; see <see cref="Core.Recovery.INodeAgent.BringUpAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.site-order")]
internal sealed record SiteOrder : WorkOrder
{
    /// <summary>The cluster.</summary>
    [Id(0)]
    public required ClusterId Cluster { get; init; }

    /// <summary>The member.</summary>
    [Id(1)]
    public required string Member { get; init; }

    /// <summary>Its operation and epoch.</summary>
    [Id(2)]
    public required AgentCommand Command { get; init; }

    /// <summary>Whether a base backup may be restored, or only the archive replayed.</summary>
    [Id(3)]
    public required bool MayRestore { get; init; }
}
