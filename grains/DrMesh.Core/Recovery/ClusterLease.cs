using System.Collections.Immutable;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>
/// What the control store holds of a cluster's lease. It is renewed by compare-and-set against the cluster's record; once a session has raised the epoch it changes no more, so whoever promotes
/// reads here how long the lease is and whose promises it needs.
/// </summary>
public sealed record ClusterLease
{
    /// <summary>The cluster.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>The epoch it was renewed under.</summary>
    public required long Epoch { get; init; }

    /// <summary>The member that may write.</summary>
    public required string Holder { get; init; }

    /// <summary>The members whose agents may grant it where the control store is out of reach; a majority of them must promise before another member is promoted.</summary>
    public required ImmutableArray<string> Voters { get; init; }

    /// <summary>How long it runs.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>Its times.</summary>
    public LeaseTerm Term => new(Length);

    /// <inheritdoc/>
    public bool Equals(ClusterLease? other) =>
        other is not null && Cluster == other.Cluster && Epoch == other.Epoch && Holder == other.Holder && Length == other.Length && Voters.SequenceEqual(other.Voters);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Cluster, Epoch, Holder, Length, Voters.Length);
}
