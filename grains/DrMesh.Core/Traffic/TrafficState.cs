using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>What is recorded of a service's traffic, as JSON in the control store.</summary>
public sealed record TrafficState
{
    /// <summary>The most ended orders that are remembered, so that a repeated one is recognised.</summary>
    public const int RememberedOrders = 10;

    /// <summary>The shape of this record.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The region the names answer with; null: none was chosen yet.</summary>
    public RegionId? Active { get; init; }

    /// <summary>The highest epoch seen.</summary>
    public long Epoch { get; init; }

    /// <summary>Raised by one with each accepted order.</summary>
    public long Generation { get; init; }

    /// <summary>The order being carried out; null: none.</summary>
    public TrafficWork? Running { get; init; }

    /// <summary>Ended orders, newest first.</summary>
    public IReadOnlyList<TrafficOperation> Ended { get; init; } = [];

    /// <summary>What was last found to differ at the provider.</summary>
    public IReadOnlyList<string> Drift { get; init; } = [];

    /// <summary>When the provider was last compared.</summary>
    public DateTimeOffset? ReconciledAt { get; init; }

    /// <summary>The last order, running or ended.</summary>
    public TrafficOperation? LastOperation() => Running?.Operation ?? (Ended.Count > 0 ? Ended[0] : null);
}

/// <summary>An order being carried out, with the declarations it began with: a change of the estate meanwhile does not bend it.</summary>
public sealed record TrafficWork
{
    /// <summary>How far it is.</summary>
    public required TrafficOperation Operation { get; init; }

    /// <summary>The service.</summary>
    public required ServiceDefinition Service { get; init; }

    /// <summary>Its provider.</summary>
    public required DnsProviderDefinition Provider { get; init; }

    /// <summary>The mark this order writes.</summary>
    public required OwnerMark Mark { get; init; }

    /// <summary>Whether unmarked record sets may be taken over.</summary>
    public bool Adopt { get; init; }

    /// <summary>The provider's receipt once the change was accepted.</summary>
    public ChangeReceipt? Receipt { get; init; }
}
