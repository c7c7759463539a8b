using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Shapes;
using DrMesh.Core.Estate.Values;
using DrMesh.Core.Estate.Yaml;

namespace DrMesh.Core.Estate.Writing;

/// <summary>An estate as a tree, in one way only: keys in the records' order, entries by name.</summary>
internal static class EstateTree
{
    /// <summary>The tree of <paramref name="estate"/>; with <paramref name="full"/> every value is written, defaults too.</summary>
    public static YamlMapping Of(EstateDocument estate, bool full) => Entry(ObjectShape.Of(typeof(EstateDocument)), estate, full);

    private static YamlMapping Entry(ObjectShape declared, object entry, bool full)
    {
        var shape = declared.For(entry);
        var entries = ImmutableArray.CreateBuilder<(YamlScalar, YamlNode)>();
        if (shape.Discriminator is { } chosen)
        {
            entries.Add((Key(chosen.Key), new YamlScalar(default, chosen.Value, IsText: true)));
        }

        foreach (var key in shape.Keys)
        {
            if (key.Of(entry) is { } value && Value(key, value, full) is { } node)
            {
                entries.Add((Key(key.Key), node));
            }
        }

        return new YamlMapping(default, entries.ToImmutable());
    }

    // Null: the value is the default, and only what differs is written.
    private static YamlNode? Value(KeyShape key, object value, bool full)
    {
        switch (key.Value)
        {
            case ScalarShape scalar:
                return full || key.IsRequired || !value.Equals(key.Default) ? Scalar(scalar.Kind, value) : null;
            case ObjectValueShape inner:
                var mapping = Entry(inner.Object, value, full);
                return full || key.IsRequired || key.Default is null || mapping.Entries.Length > 0 ? mapping : null;
            case ScalarListShape list:
                return List(EstateWalk.Entries(value).Select(item => (YamlNode)Scalar(list.Kind, item)));
            case ObjectListShape list:
                return List(EstateWalk.Entries(value).Select(item => (YamlNode)Entry(list.Object, item, full)));
            case NamedEntriesShape entries:
                ImmutableArray<(YamlScalar, YamlNode)> named =
                [
                    .. EstateWalk.Entries(value).Select(entry => (Name: EstateWalk.NameOf(entries.Object, entry), Entry: entry))
                        .OrderBy(pair => pair.Name, StringComparer.Ordinal)
                        .Select(pair => (Key(pair.Name), (YamlNode)Entry(entries.Object, pair.Entry, full))),
                ];
                return named.IsEmpty ? null : new YamlMapping(default, named) { HoldsNames = true };
            default:
                throw new InvalidOperationException($"no text for {key.Value}");
        }
    }

    private static YamlSequence? List(IEnumerable<YamlNode> items)
    {
        ImmutableArray<YamlNode> all = [.. items];
        return all.IsEmpty ? null : new YamlSequence(default, all);
    }

    private static YamlScalar Scalar(ScalarKind kind, object value) => new(default, kind.Format(value), kind.IsText);

    private static YamlScalar Key(string key) => new(default, key, IsText: true);
}
