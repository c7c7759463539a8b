using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>When a primary counts as down: a majority of the other regions fail to query it for a time, or its own agent reports it gone.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-detection-policy")]
public sealed record DetectionPolicy
{
    /// <summary>How often each region queries the primary.</summary>
    [Id(0), EstateKey("how often each region queries the primary", AtLeast = "50ms", AtMost = "1m")]
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long one query may take.</summary>
    [Id(1), EstateKey("how long one query may take before it counts as failed", AtLeast = "50ms", AtMost = "1m")]
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long a majority of the other regions must fail.</summary>
    [Id(2), EstateKey("for how long a majority of the other regions must fail", AtLeast = "250ms", AtMost = "1h")]
    public TimeSpan DownAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The replication delay that raises an alert.</summary>
    [Id(3), EstateKey("the replication delay that raises an alert", AtLeast = "1s")]
    public TimeSpan LagAlert { get; init; } = TimeSpan.FromMinutes(5);
}
