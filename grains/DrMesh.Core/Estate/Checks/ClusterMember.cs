using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Estate.Checks;

/// <summary>What the members of every kind of cluster have in common, and the path at which each stands.</summary>
internal sealed record ClusterMember(string Path, string Name, NodeId Node, int Port, bool IsPromotable, string? Unit);
