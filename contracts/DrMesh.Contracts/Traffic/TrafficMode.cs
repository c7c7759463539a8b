namespace DrMesh.Contracts.Traffic;

/// <summary>How a service's names move to another region.</summary>
[GenerateSerializer, Alias("drmesh.traffic-mode")]
public enum TrafficMode
{
    /// <summary>The provider's record sets are changed at the switch.</summary>
    Records = 0,

    /// <summary>
    /// Nothing is changed at the provider: record sets with health checks stand there beforehand, each region's silo answers
    /// <c>/traffic/{service}</c> with 200 or 503, and the provider's own checks move the name.
    /// </summary>
    Health = 1,
}
