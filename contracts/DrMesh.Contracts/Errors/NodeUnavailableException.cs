using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Errors;

/// <summary>No living silo stands for the node a call was for, though its region has others.</summary>
[GenerateSerializer, Alias("drmesh.node-unavailable-exception")]
public sealed class NodeUnavailableException : DrMeshException
{
    /// <summary>Creates the exception for <paramref name="node"/>.</summary>
    public NodeUnavailableException(NodeId node, Exception? inner = null)
        : base(DrMeshError.NodeUnavailable, $"node {node} has no running silo", "start the silo on that machine (drmesh silo run), or see drmesh status", inner) =>
        Node = node;

    /// <summary>The node without a silo.</summary>
    [Id(0)]
    public NodeId Node { get; private set; }
}
