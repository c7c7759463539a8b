using System.Reflection;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Core.Estate.Shapes;

/// <summary>One key of an entry.</summary>
internal sealed class KeyShape
{
    /// <summary>The key as written in the file.</summary>
    public required string Key { get; init; }

    /// <summary>What the contract says of it.</summary>
    public required EstateKeyAttribute Description { get; init; }

    /// <summary>Whether an entry without it is incomplete.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>The record's value when the key is absent.</summary>
    public required object? Default { get; init; }

    /// <summary>What stands behind it.</summary>
    public required ValueShape Value { get; init; }

    /// <summary>Where the record keeps it.</summary>
    public required PropertyInfo Property { get; init; }

    /// <summary>The value of this key in <paramref name="entry"/>.</summary>
    public object? Of(object entry) => Property.GetValue(entry);
}
