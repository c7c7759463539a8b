using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Recovery;

/// <summary>One member of a replica set as a plan found it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.set-member-preview")]
public sealed record SetMemberPreview
{
    /// <summary>The member's name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Where it runs.</summary>
    [Id(1)]
    public required RegionId Region { get; init; }

    /// <summary>Its state as it says itself, or that it is not seen or not in the set.</summary>
    [Id(2)]
    public required string State { get; init; }

    /// <summary>Its votes: 0 or 1.</summary>
    [Id(3)]
    public int Votes { get; init; }

    /// <summary>How gladly it becomes primary; 0 is never.</summary>
    [Id(4)]
    public double Priority { get; init; }

    /// <summary>The opTime of the last operation it has; null: it does not answer.</summary>
    [Id(5)]
    public string? Position { get; init; }

    /// <summary>How far it is behind the most advanced member that answers, seconds; null: it does not answer.</summary>
    [Id(6)]
    public long? BehindSeconds { get; init; }
}
