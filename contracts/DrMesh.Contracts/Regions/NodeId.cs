namespace DrMesh.Contracts.Regions;

/// <summary>A machine of a region that carries a database server; its text form is <c>region/node</c>, which is also its grain key.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.node-id")]
public readonly record struct NodeId([property: Id(0)] RegionId Region, [property: Id(1)] string Name)
{
    /// <summary>Reads the text form; null when it is not one.</summary>
    public static NodeId? TryParse(string? text)
    {
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return slash > 0 && slash < text!.Length - 1 ? new NodeId(new RegionId(text[..slash]), text[(slash + 1)..]) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Region}/{Name}";
}
