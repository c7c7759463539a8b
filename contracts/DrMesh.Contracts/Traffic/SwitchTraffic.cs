using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Traffic;

/// <summary>The order to let a service's names answer with another region.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.switch-traffic")]
public sealed record SwitchTraffic
{
    /// <summary>Names this order, for example <c>session/step</c>; the same id again asks what became of it and starts nothing twice.</summary>
    [Id(0)]
    public required string OperationId { get; init; }

    /// <summary>The region traffic shall go to.</summary>
    [Id(1)]
    public required RegionId To { get; init; }

    /// <summary>The epoch the order was given under; one lower than the service has seen is refused. Null: the highest the service has seen.</summary>
    [Id(2)]
    public long? Epoch { get; init; }

    /// <summary>Why, for the record.</summary>
    [Id(3)]
    public required string Reason { get; init; }

    /// <summary>Take over record sets that carry no mark of DrMesh and answer with something the estate does not know.</summary>
    [Id(4)]
    public bool Adopt { get; init; }
}
