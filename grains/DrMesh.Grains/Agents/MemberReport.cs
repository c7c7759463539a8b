using DrMesh.Contracts.Databases;

namespace DrMesh.Grains.Agents;

/// <summary>A member of a cluster.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.member-key")]
internal readonly record struct MemberKey([property: Id(0)] ClusterId Cluster, [property: Id(1)] string Member);

/// <summary>What a node's agent says of one of its members.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.member-report")]
internal sealed record MemberReport
{
    /// <summary>The member.</summary>
    [Id(0)]
    public required MemberKey Member { get; init; }

    /// <summary>How its server stands; null: nothing is known.</summary>
    [Id(1)]
    public MemberStatus? Status { get; init; }

    /// <summary>Why nothing is known; null: it is.</summary>
    [Id(2)]
    public string? Problem { get; init; }

    /// <summary>How long before this was told the server was asked at the earliest.</summary>
    [Id(3)]
    public TimeSpan Age { get; init; }
}
