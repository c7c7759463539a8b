using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>How a provider chooses between record sets of one name and type. Only the fields of its kind are set.</summary>
public sealed record Routing
{
    /// <summary>One record set a name and type.</summary>
    public static Routing Simple { get; } = new() { Kind = RoutingKind.Simple };

    /// <summary>The kind.</summary>
    public required RoutingKind Kind { get; init; }

    /// <summary>Tells the record sets of one name and type apart; null for <see cref="RoutingKind.Simple"/>. DrMesh uses the region's name.</summary>
    public string? SetIdentifier { get; init; }

    /// <summary>0 to 255, for <see cref="RoutingKind.Weighted"/>.</summary>
    public int? Weight { get; init; }

    /// <summary>For <see cref="RoutingKind.Failover"/>: true the primary record set, false the secondary.</summary>
    public bool? IsPrimary { get; init; }

    /// <summary>The provider's region name, for <see cref="RoutingKind.Latency"/>.</summary>
    public string? ProviderRegion { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        RoutingKind.Weighted => $" {SetIdentifier} (weight {Weight})",
        RoutingKind.Failover => $" {SetIdentifier} ({(IsPrimary is true ? "primary" : "secondary")})",
        RoutingKind.Latency => $" {SetIdentifier} (latency {ProviderRegion})",
        _ => "",
    };
}
