using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Agents;

/// <summary>Long work on one member of a cluster, under its epoch.</summary>
[GenerateSerializer, Immutable]
internal abstract record MemberOrder : WorkOrder
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
}
