namespace DrMesh.Contracts.Regions;

/// <summary>A machine of a region that carries a database server; its text form is <c>region/node</c>, which is also its grain key.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.node-id")]
public readonly record struct NodeId([property: Id(0)] RegionId Region, [property: Id(1)] string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Region}/{Name}";
}
