namespace DrMesh.Contracts.Estate;

/// <summary>The estate as it was applied last.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.applied-estate")]
public sealed record AppliedEstate
{
    /// <summary>Its version; 0 when nothing was ever applied.</summary>
    [Id(0)]
    public required long Version { get; init; }

    /// <summary>The estate.</summary>
    [Id(1)]
    public required EstateDocument Estate { get; init; }

    /// <summary>SHA-256 of its canonical form, in hexadecimal.</summary>
    [Id(2)]
    public required string Hash { get; init; }

    /// <summary>Its canonical form: JSON with every value written, as it is stored.</summary>
    [Id(3)]
    public required string Text { get; init; }
}
