namespace DrMesh.Core.Estate.Yaml;

/// <summary>Why a text is not a YAML document that an estate can be read from.</summary>
internal sealed class YamlProblem(YamlPosition position, string message) : Exception(message)
{
    /// <summary>Where it was noticed.</summary>
    public YamlPosition Position { get; } = position;
}
