namespace DrMesh.Core.Estate;

/// <summary>What an estate file may ask of the program that reads it.</summary>
public static class EstateLimits
{
    /// <summary>The most bytes of a file; a thousand clusters fit with room to spare.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>The most values of a file after its aliases are followed.</summary>
    public const int MaxValues = 200_000;

    /// <summary>The deepest nesting; the schema itself needs nine levels.</summary>
    public const int MaxDepth = 32;

    /// <summary>The most findings reported one by one; a last one says how many more there are.</summary>
    public const int MaxFindings = 200;
}
