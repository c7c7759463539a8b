namespace DrMesh.Contracts.Estate.Schema;

/// <summary>
/// Describes one key of the estate file, once: the parser's known keys, the JSON Schema and the reference guide are all derived from it.
/// The key is the property's name in camel case. It is required when the property is <c>required</c>; otherwise the property's initial value is the default.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EstateKeyAttribute(string meaning) : Attribute
{
    /// <summary>What the key means, as one phrase for a person who writes an estate.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>What a value looks like, beyond its type.</summary>
    public ValueFormat Format { get; init; }

    /// <summary>The section whose names the value must be one of, for example <c>regions</c>; <c>nodes</c> takes <c>region/node</c>.</summary>
    public string? RefersTo { get; init; }

    /// <summary>The least value allowed, written as in the file (<c>1</c>, <c>250ms</c>, <c>1MB</c>); for a list, the least number of items.</summary>
    public string? AtLeast { get; init; }

    /// <summary>The greatest value allowed, written as in the file.</summary>
    public string? AtMost { get; init; }

    /// <summary>What holds when the key is absent and the default is not one value, for example <c>by tier: 7d, 30d, …</c>.</summary>
    public string? Otherwise { get; init; }
}
