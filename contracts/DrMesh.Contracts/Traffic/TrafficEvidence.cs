namespace DrMesh.Contracts.Traffic;

/// <summary>One fact of a switch, with its time.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.traffic-evidence")]
public sealed record TrafficEvidence
{
    /// <summary>When it was seen.</summary>
    [Id(0)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The fact, for example <c>127.0.0.1:5301 answers shop.example.org A 192.0.2.7</c>.</summary>
    [Id(1)]
    public required string Fact { get; init; }
}
