using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Traffic;

/// <summary>One switch of a service's names and what became of it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.traffic-operation")]
public sealed record TrafficOperation : IAuditedResult
{
    /// <summary>The order's id.</summary>
    [Id(0)]
    public required string OperationId { get; init; }

    /// <summary>Where traffic went before; null: nowhere DrMesh knows of.</summary>
    [Id(1)]
    public RegionId? From { get; init; }

    /// <summary>Where it shall go.</summary>
    [Id(2)]
    public required RegionId To { get; init; }

    /// <summary>The epoch it runs under.</summary>
    [Id(3)]
    public required long Epoch { get; init; }

    /// <summary>How far it is.</summary>
    [Id(4)]
    public required TrafficPhase Phase { get; init; }

    /// <summary>One sentence on <see cref="Phase"/>: why it was refused or failed, or what it waits for.</summary>
    [Id(5)]
    public string Detail { get; init; } = "";

    /// <summary>The next action of a person, when it was refused or failed.</summary>
    [Id(6)]
    public string Hint { get; init; } = "";

    /// <summary>What was changed, read and answered, oldest first.</summary>
    [Id(7)]
    public IReadOnlyList<TrafficEvidence> Evidence { get; init; } = [];

    /// <summary>When the order was accepted.</summary>
    [Id(8)]
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null: it runs.</summary>
    [Id(9)]
    public DateTimeOffset? EndedAt { get; init; }

    bool IAuditedResult.IsRefusal => Phase == TrafficPhase.Refused;

    string IAuditedResult.AuditDetail => $"{OperationId} to {To} under epoch {Epoch}: {Detail}";
}
