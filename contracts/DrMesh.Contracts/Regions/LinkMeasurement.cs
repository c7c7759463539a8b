namespace DrMesh.Contracts.Regions;

/// <summary>How calls over one link went.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.link-measurement")]
public sealed record LinkMeasurement
{
    /// <summary>Calls answered.</summary>
    [Id(0)]
    public required long Calls { get; init; }

    /// <summary>How long was measured.</summary>
    [Id(1)]
    public required TimeSpan Duration { get; init; }

    /// <summary>Half of the calls were answered within it.</summary>
    [Id(2)]
    public required TimeSpan Median { get; init; }

    /// <summary>99 of 100 calls were answered within it.</summary>
    [Id(3)]
    public required TimeSpan Percentile99 { get; init; }
}
