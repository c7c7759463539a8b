using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Databases;

/// <summary>A member of a cluster as the mesh sees it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.member-view")]
public sealed record MemberView
{
    /// <summary>Its name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Where it runs.</summary>
    [Id(1)]
    public required NodeId Node { get; init; }

    /// <summary>What its agent last said; null: nothing yet.</summary>
    [Id(2)]
    public MemberStatus? Status { get; init; }

    /// <summary>How old that is; null: nothing was said yet.</summary>
    [Id(3)]
    public TimeSpan? Age { get; init; }

    /// <summary>Why its agent does not answer; null: it does.</summary>
    [Id(4)]
    public string? Problem { get; init; }

    /// <summary>Standby: how many bytes of WAL the primary has on disk and it does not; null: unknown.</summary>
    [Id(5)]
    public long? LagBytes { get; init; }

    /// <summary>Standby: how long the last flush took to reach it; null: unknown, or nothing was written lately.</summary>
    [Id(6)]
    public TimeSpan? Lag { get; init; }

    /// <summary>Whether a commit of the primary may have been acknowledged by it.</summary>
    [Id(7)]
    public bool IsAcknowledging { get; init; }
}
