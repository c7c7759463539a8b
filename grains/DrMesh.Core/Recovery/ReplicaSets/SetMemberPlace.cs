using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>One member of a replica set as the estate declares it.</summary>
public sealed record SetMemberPlace
{
    /// <summary>The member's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>host:port</c>, as the set's own configuration names it.</summary>
    public required string Host { get; init; }

    /// <summary>Where it runs.</summary>
    public required NodeId Node { get; init; }

    /// <summary>How gladly it becomes primary; 0 is never.</summary>
    public required int Priority { get; init; }

    /// <summary>Whether it votes.</summary>
    public required bool Votes { get; init; }
}
