namespace DrMesh.Contracts.Estate.Schema;

/// <summary>Marks the property that holds an entry's name. Entries with a name are written as a mapping from name to entry.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EstateNameAttribute(string meaning) : Attribute
{
    /// <summary>What the name names.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>The section the name must be one of, where the entry adds something to another section's entry.</summary>
    public string? RefersTo { get; init; }
}
