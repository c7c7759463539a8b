namespace DrMesh.Contracts.Estate;

/// <summary>How Route 53 chooses among record sets of one name.</summary>
public enum DnsRouting
{
    /// <summary><c>simple</c>: one record set.</summary>
    Simple,

    /// <summary><c>weighted</c>: by weight; the serving region has all of it.</summary>
    Weighted,

    /// <summary><c>failover</c>: primary and secondary.</summary>
    Failover,

    /// <summary><c>latency</c>: the nearest of those that serve.</summary>
    Latency,
}
