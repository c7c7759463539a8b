using DrMesh.Core.Traffic;

namespace DrMesh.Grains.Traffic;

/// <summary>The stored form: Orleans asks for a type with a public constructor, the state itself is immutable.</summary>
internal sealed class TrafficRecord
{
    /// <summary>The state.</summary>
    public TrafficState State { get; init; } = new();
}
