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

    /// <summary>How much older the newest archived commit is than the last moment at which the primary can write, where the other site comes up from the repository; null: nobody can tell, or it does not.</summary>
    [Id(5)]
    public TimeSpan? ExpectedLossTime { get; init; }

    /// <summary>The base backup, its tier and the end of the archive, where the other site comes up from the repository; null: it does not.</summary>
    [Id(6)]
    public string? RestoredFrom { get; init; }

    /// <summary>How long bringing it up takes by what earlier restores reached; null: none tells.</summary>
    [Id(7)]
    public TimeSpan? RestoreTime { get; init; }

    /// <summary>What the expected loss rests on, where commits wait for nobody: where the primary was seen last, for how long it may write unseen, the most it was seen to write; null: nothing was seen, or it rests on promises.</summary>
    [Id(8)]
    public string? LossRests { get; init; }
}
