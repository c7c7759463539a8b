using System.Collections.Immutable;

namespace DrMesh.Core.Estate.Yaml;

/// <summary>A mapping, in the file's order; a key may be there twice, which the reader reports.</summary>
internal sealed record YamlMapping(YamlPosition Position, ImmutableArray<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(Position)
{
    /// <summary>Whether the keys are names of entries rather than keys of one entry.</summary>
    public bool HoldsNames { get; init; }

    /// <summary>The value of <paramref name="key"/>, or null.</summary>
    public YamlNode? Find(string key)
    {
        foreach (var (candidate, value) in Entries)
        {
            if (candidate.Value == key)
            {
                return value;
            }
        }

        return null;
    }
}
