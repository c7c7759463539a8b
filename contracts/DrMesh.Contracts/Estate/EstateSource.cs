namespace DrMesh.Contracts.Estate;

/// <summary>An estate as a person wrote it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-source")]
public sealed record EstateSource
{
    /// <summary>The file's name, as errors show it.</summary>
    [Id(0)]
    public required string FileName { get; init; }

    /// <summary>The YAML.</summary>
    [Id(1)]
    public required string Text { get; init; }
}
