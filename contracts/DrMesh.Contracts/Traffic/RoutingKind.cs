namespace DrMesh.Contracts.Traffic;

/// <summary>How a provider chooses between several record sets of one name. Plain DNS servers know <see cref="Simple"/> only.</summary>
[GenerateSerializer, Alias("drmesh.routing-kind")]
public enum RoutingKind
{
    /// <summary>One record set a name and type; every asker gets all of its values.</summary>
    Simple = 0,

    /// <summary>One record set a region, chosen by weight.</summary>
    Weighted = 1,

    /// <summary>A primary record set and a secondary that answers when the primary's health check fails.</summary>
    Failover = 2,

    /// <summary>One record set a region, chosen by the asker's distance.</summary>
    Latency = 3,
}
