using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>How one consistent point is taken across an application's parts.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-consistency")]
public sealed record ConsistencyDefinition
{
    /// <summary>Whether writes are held.</summary>
    [Id(0), EstateKey("marker: one id is written through each system; fence: writes are held while the points are taken")]
    public ConsistencyMode Mode { get; init; } = ConsistencyMode.Marker;

    /// <summary>The longest time writes may be held.</summary>
    [Id(1), EstateKey("fence: the longest time writes may be held", AtLeast = "100ms", AtMost = "5m")]
    public TimeSpan FenceLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest window between the first and the last marker.</summary>
    [Id(2), EstateKey("marker: the longest time between the first and the last marker", AtLeast = "10ms", AtMost = "5m")]
    public TimeSpan MarkerWindow { get; init; } = TimeSpan.FromSeconds(1);
}
