namespace DrMesh.Contracts.Regions;

/// <summary>A region's name as the estate gives it, for example <c>eu-west-1</c>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.region-id")]
public readonly record struct RegionId([property: Id(0)] string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
