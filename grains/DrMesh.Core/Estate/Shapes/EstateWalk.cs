using System.Collections;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Estate.Shapes;

/// <summary>Visits what an estate holds, by the shapes of its records.</summary>
internal static class EstateWalk
{
    /// <summary>Every reference to another entry: where it stands, which section it names, and the name.</summary>
    public static IEnumerable<(string Path, string Section, string Name)> References(EstateDocument estate) =>
        References(ObjectShape.Of(typeof(EstateDocument)), estate, "");

    /// <summary>The names of each section, <c>nodes</c> as <c>region/node</c>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Names(EstateDocument estate)
    {
        var names = new Dictionary<string, IReadOnlyList<string>>
        {
            ["nodes"] = [.. estate.Regions.SelectMany(region => region.Nodes.Select(node => $"{region.Name}/{node.Name}"))],
        };
        foreach (var key in ObjectShape.Of(typeof(EstateDocument)).Keys)
        {
            if (key.Value is NamedEntriesShape entries)
            {
                names[key.Key] = [.. Entries(key.Of(estate)!).Select(entry => NameOf(entries.Object, entry))];
            }
        }

        return names;
    }

    /// <summary>The items of an immutable array whose type is not known here.</summary>
    public static IEnumerable<object> Entries(object array) => ((IEnumerable)array).Cast<object>();

    /// <summary>The name of an entry.</summary>
    public static string NameOf(ObjectShape shape, object entry) => shape.NameKind!.Format(shape.Name!.GetValue(entry)!);

    private static IEnumerable<(string, string, string)> References(ObjectShape declared, object entry, string path)
    {
        foreach (var key in declared.For(entry).Keys)
        {
            if (key.Of(entry) is not { } value)
            {
                continue;
            }

            var keyPath = path.Length == 0 ? key.Key : $"{path}.{key.Key}";
            foreach (var reference in References(key, value, keyPath))
            {
                yield return reference;
            }
        }
    }

    private static IEnumerable<(string, string, string)> References(KeyShape key, object value, string path)
    {
        switch (key.Value)
        {
            case ScalarShape scalar when key.Description.RefersTo is { } section:
                yield return (path, section, scalar.Kind.Format(value));
                break;
            case ScalarListShape list when key.Description.RefersTo is { } section:
                foreach (var (index, item) in Entries(value).Index())
                {
                    yield return ($"{path}[{index}]", section, list.Kind.Format(item));
                }

                break;
            case ObjectValueShape inner:
                foreach (var reference in References(inner.Object, value, path))
                {
                    yield return reference;
                }

                break;
            case ObjectListShape list:
                foreach (var reference in Entries(value).Index().SelectMany(item => References(list.Object, item.Item, $"{path}[{item.Index}]")))
                {
                    yield return reference;
                }

                break;
            case NamedEntriesShape entries:
                foreach (var entry in Entries(value))
                {
                    var name = NameOf(entries.Object, entry);
                    if (entries.Object.NameDescription!.RefersTo is { } section)
                    {
                        yield return ($"{path}.{name}", section, name);
                    }

                    foreach (var reference in References(entries.Object, entry, $"{path}.{name}"))
                    {
                        yield return reference;
                    }
                }

                break;
        }
    }
}
