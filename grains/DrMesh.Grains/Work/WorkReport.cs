using System.Collections.Immutable;
using DrMesh.Contracts.Errors;

namespace DrMesh.Grains.Work;

/// <summary>How ordered work stands.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.work-report")]
internal sealed record WorkReport
{
    /// <summary>Whether it runs, ended, or is not known here: the silo that ran it is gone.</summary>
    [Id(0)]
    public required WorkState State { get; init; }

    /// <summary>How far it is, for a person; null: it has not said.</summary>
    [Id(1)]
    public string? Progress { get; init; }

    /// <summary>What it found and did, once done.</summary>
    [Id(2)]
    public ImmutableSortedDictionary<string, string> Evidence { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Why it failed.</summary>
    [Id(3)]
    public string? Failure { get; init; }

    /// <summary>Which error it was.</summary>
    [Id(4)]
    public DrMeshError? Error { get; init; }

    /// <summary>No such order is known here.</summary>
    public static WorkReport Unknown { get; } = new() { State = WorkState.Unknown };
}
