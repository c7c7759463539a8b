using System.Collections.Immutable;

namespace DrMesh.Core.Estate.Yaml;

/// <summary>A list of values.</summary>
internal sealed record YamlSequence(YamlPosition Position, ImmutableArray<YamlNode> Items) : YamlNode(Position);
