using DrMesh.Contracts.Databases;

namespace DrMesh.Contracts.Recovery;

/// <summary>What would happen to one cluster.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.cluster-preview")]
public sealed record ClusterPreview
{
    /// <summary>The cluster.</summary>
    [Id(0)]
    public required ClusterId Cluster { get; init; }

    /// <summary>Its primary now.</summary>
    [Id(1)]
    public required string OldPrimary { get; init; }

    /// <summary>Who would be promoted by what is known now; null: nobody could.</summary>
    [Id(2)]
    public string? Candidate { get; init; }

    /// <summary>The most bytes of acknowledged WAL that would be lost; null: nobody can tell.</summary>
    [Id(3)]
    public long? ExpectedLossBytes { get; init; }

    /// <summary>How many more standbys must promise than answer now, for nothing to be lost; 0: enough answer.</summary>
    [Id(4)]
    public int? MissingPromises { get; init; }
}
