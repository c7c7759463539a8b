using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Agents;

/// <summary>A former primary or a lost standby is to follow the primary again, by whatever it takes: repoint, <c>pg_rewind</c>, or a new copy.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.rejoin-order")]
internal sealed record RejoinOrder : WorkOrder
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

    /// <summary>Whom to follow.</summary>
    [Id(3)]
    public required UpstreamServer Upstream { get; init; }
}
