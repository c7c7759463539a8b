using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Traffic;

/// <summary>How a provider chooses between record sets of one name and type. Only the fields of its kind are set.</summary>
public sealed record Routing
{
    /// <summary>One record set a name and type.</summary>
    public static Routing Simple { get; } = new() { Kind = DnsRouting.Simple };

    /// <summary>The kind.</summary>
    public required DnsRouting Kind { get; init; }

    /// <summary>Tells the record sets of one name and type apart; null for <see cref="DnsRouting.Simple"/>. DrMesh uses the region's name.</summary>
    public string? SetIdentifier { get; init; }

    /// <summary>0 to 255, for <see cref="DnsRouting.Weighted"/>.</summary>
    public int? Weight { get; init; }

    /// <summary>For <see cref="DnsRouting.Failover"/>: true the primary record set, false the secondary.</summary>
    public bool? IsPrimary { get; init; }

    /// <summary>The provider's region name, for <see cref="DnsRouting.Latency"/>.</summary>
    public string? ProviderRegion { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        DnsRouting.Weighted => $" {SetIdentifier} (weight {Weight})",
        DnsRouting.Failover => $" {SetIdentifier} ({(IsPrimary is true ? "primary" : "secondary")})",
        DnsRouting.Latency => $" {SetIdentifier} (latency {ProviderRegion})",
        _ => "",
    };
}
