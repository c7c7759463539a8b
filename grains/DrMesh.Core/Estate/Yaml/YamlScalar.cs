namespace DrMesh.Core.Estate.Yaml;

/// <summary>A single value. <paramref name="IsText"/>: it was quoted, or is to be quoted where it would otherwise read as something else.</summary>
internal sealed record YamlScalar(YamlPosition Position, string Value, bool IsText) : YamlNode(Position)
{
    /// <summary>Whether YAML reads it as nothing at all.</summary>
    public bool IsNull => !IsText && Value is "" or "~" or "null" or "Null" or "NULL";
}
