using System.Collections.Immutable;
using DrMesh.Contracts.Databases;

namespace DrMesh.Contracts.Recovery;

/// <summary>What would happen to one replica set.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.set-preview")]
public sealed record SetPreview
{
    /// <summary>The set.</summary>
    [Id(0)]
    public required ClusterId Cluster { get; init; }

    /// <summary>Its primary now; empty: none is seen and none is recorded.</summary>
    [Id(1)]
    public required string OldPrimary { get; init; }

    /// <summary>Who would lead by what is known now; null: it would stay as it is.</summary>
    [Id(2)]
    public string? Candidate { get; init; }

    /// <summary><c>HandOver</c>: by priorities and step-down; <c>Force</c>: survivors are forced into a set of their own, once a person approved; <c>Stay</c>.</summary>
    [Id(3)]
    public required string Way { get; init; }

    /// <summary>The reason, one sentence with its values.</summary>
    [Id(4)]
    public required string Reason { get; init; }

    /// <summary>What a person would be asked; null: nothing.</summary>
    [Id(5)]
    public string? Question { get; init; }

    /// <summary>Its members, in the estate's order.</summary>
    [Id(6)]
    public ImmutableArray<SetMemberPreview> Members { get; init; } = [];
}
