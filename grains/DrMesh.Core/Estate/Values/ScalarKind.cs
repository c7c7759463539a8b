using System.Text.Json.Nodes;

namespace DrMesh.Core.Estate.Values;

/// <summary>One kind of single value: how it is read, written, described to a person and to an editor.</summary>
internal abstract class ScalarKind
{
    /// <summary>What was expected, for the end of an error: <c>a duration such as 15m, 2h or 7d</c>.</summary>
    public abstract string Expectation { get; }

    /// <summary>The short name of the kind for tables: <c>duration</c>.</summary>
    public abstract string TypeName { get; }

    /// <summary>What stands in for a value that could not be read, so that the rest of the file can be checked.</summary>
    public abstract object Placeholder { get; }

    /// <summary>Whether the value is text that may need quotes.</summary>
    public virtual bool IsText => false;

    /// <summary>The allowed values, where there is a list of them.</summary>
    public virtual IReadOnlyList<string> Choices => [];

    /// <summary>Reads a value; when it is none, <paramref name="problem"/> may say why.</summary>
    public abstract bool TryParse(string text, out object value, out string? problem);

    /// <summary>The text that reads back as <paramref name="value"/>.</summary>
    public abstract string Format(object value);

    /// <summary>The kind in JSON Schema; <paramref name="atLeast"/> and <paramref name="atMost"/> as the estate writes them.</summary>
    public abstract JsonObject JsonSchema(string? atLeast, string? atMost);
}
