using DrMesh.Contracts.Estate;
using DrMesh.Core.Errors;
using DrMesh.Core.Estate.Shapes;
using DrMesh.Core.Estate.Yaml;

namespace DrMesh.Core.Estate.Reading;

/// <summary>Builds the estate from a document, by the shapes of its records; goes on after an error, so that all come at once.</summary>
internal sealed class EstateBinder(Findings findings)
{
    private readonly ScalarBinder _scalars = new(findings);

    /// <summary>Builds the whole estate; what could not be read is filled with stand-ins.</summary>
    public EstateDocument Bind(YamlNode root)
    {
        findings.Place("", root.Position);
        return (EstateDocument)BindEntry(ObjectShape.Of(typeof(EstateDocument)), root, "", root.Position, name: null);
    }

    private object BindEntry(ObjectShape shape, YamlNode node, string path, YamlPosition place, YamlScalar? name)
    {
        if (node is YamlScalar { IsNull: true })
        {
            node = new YamlMapping(node.Position, []);
        }

        if (node is not YamlMapping mapping)
        {
            findings.Error(path, place, $"expected keys ({Some(shape.KnownKeys())}), found {Describe(node)}");
            return Named(shape, shape.Create(), name, path);
        }

        if (shape.VariantKey is not null)
        {
            if (ChooseForm(shape, mapping, path, place) is not { } form)
            {
                findings.Break(path);
                return Named(shape, shape.Create(), name, path);
            }

            shape = form;
        }

        var entry = shape.Create();
        Named(shape, entry, name, path);
        var given = GivenKeys(shape, mapping, path);
        foreach (var key in shape.Keys)
        {
            if (given.TryGetValue(key.Key, out var value))
            {
                BindKey(entry, key, value, Join(path, key.Key));
            }
            else if (key.IsRequired)
            {
                findings.Break(Join(path, key.Key));
                findings.Incomplete(path, place, $"key \"{key.Key}\" is missing: {key.Description.Meaning}");
            }
        }

        CheckOneOf(shape, given, path, place);
        return entry;
    }

    private ObjectShape? ChooseForm(ObjectShape shape, YamlMapping mapping, string path, YamlPosition place)
    {
        var choices = string.Join(" or ", shape.Variants.Keys);
        if (mapping.Entries.FirstOrDefault(entry => entry.Key.Value == shape.VariantKey) is not ({ } key, { } value))
        {
            findings.Error(path, place, $"key \"{shape.VariantKey}\" is missing; expected {choices}");
            return null;
        }

        if (value is YamlScalar scalar && shape.Variants.TryGetValue(scalar.Value, out var form))
        {
            findings.Place(Join(path, shape.VariantKey!), key.Position);
            return form;
        }

        var near = value is YamlScalar typed && NearestName.Of(typed.Value, shape.Variants.Keys) is { } name ? $"; did you mean \"{name}\"?" : "";
        findings.Error(Join(path, shape.VariantKey!), key.Position, $"expected {choices}, found {Describe(value)}{near}");
        return null;
    }

    private Dictionary<string, (YamlScalar Key, YamlNode Value)> GivenKeys(ObjectShape shape, YamlMapping mapping, string path)
    {
        var given = new Dictionary<string, (YamlScalar Key, YamlNode Value)>();
        var known = shape.KnownKeys().ToHashSet();
        foreach (var (key, value) in mapping.Entries)
        {
            if (!known.Contains(key.Value))
            {
                var hint = NearestName.Of(key.Value, known) is { } near ? $"did you mean \"{near}\"?" : $"known are {string.Join(", ", known)}";
                findings.Error(Join(path, Shorten(key.Value)), key.Position, $"key \"{Shorten(key.Value)}\" is not known here; {hint}");
            }
            else if (!given.TryAdd(key.Value, (key, value)))
            {
                findings.Error(Join(path, key.Value), key.Position, $"key \"{key.Value}\" is given twice; the first is at line {given[key.Value].Key.Position.Line}");
            }
            else
            {
                findings.Place(Join(path, key.Value), key.Position);
            }
        }

        return given;
    }

    private void CheckOneOf(ObjectShape shape, Dictionary<string, (YamlScalar Key, YamlNode Value)> given, string path, YamlPosition place)
    {
        if (shape.OneOf.IsEmpty)
        {
            return;
        }

        var found = shape.OneOf.Where(given.ContainsKey).OrderBy(key => (given[key].Key.Position.Line, given[key].Key.Position.Column)).ToArray();
        var expected = $"expected exactly one of {string.Join(", ", shape.OneOf)}";
        if (found.Length == 0)
        {
            findings.Incomplete(path, place, $"{expected}; found none");
        }
        else if (found.Length > 1)
        {
            findings.Error(Join(path, found[1]), given[found[1]].Key.Position, $"{expected}; found {string.Join(" and ", found)}");
        }
    }

    private void BindKey(object entry, KeyShape key, (YamlScalar Key, YamlNode Value) given, string path)
    {
        var position = given.Key.Position;
        var value = key.Value switch
        {
            ScalarShape scalar => _scalars.Bind(scalar.Kind, key.Description.AtLeast, key.Description.AtMost, given.Value, path, position),
            ObjectValueShape inner => BindEntry(inner.Object, given.Value, path, position, name: null),
            ScalarListShape list => BindList(key, given.Value, path, position, list.Item, (item, itemPath) => _scalars.Bind(list.Kind, null, null, item, itemPath, item.Position)),
            ObjectListShape list => BindList(key, given.Value, path, position, list.Object.Type, (item, itemPath) => BindEntry(list.Object, item, itemPath, item.Position, name: null)),
            NamedEntriesShape entries => BindNamed(key, entries.Object, given.Value, path, position),
            _ => throw new InvalidOperationException($"no reader for {key.Value}"),
        };
        if (value is not null)
        {
            key.Property.SetValue(entry, value);
        }
    }

    private object BindList(KeyShape key, YamlNode node, string path, YamlPosition position, Type item, Func<YamlNode, string, object?> bindItem)
    {
        var items = new List<object>();
        if (node is YamlSequence sequence)
        {
            foreach (var (index, value) in sequence.Items.Index())
            {
                var itemPath = $"{path}[{index}]";
                findings.Place(itemPath, value.Position);
                if (bindItem(value, itemPath) is { } bound)
                {
                    items.Add(bound);
                }
            }

            CheckCount(key, sequence.Items.Length, path, position);
        }
        else if (node is YamlScalar { IsNull: true })
        {
            CheckCount(key, 0, path, position);
        }
        else
        {
            findings.Error(path, position, $"expected a list, found {Describe(node)}");
        }

        return ImmutableArrays.Create(item, items);
    }

    private object BindNamed(KeyShape key, ObjectShape shape, YamlNode node, string path, YamlPosition position)
    {
        var entries = new SortedDictionary<string, (YamlScalar Key, object Entry)>(StringComparer.Ordinal);
        if (node is YamlMapping mapping)
        {
            foreach (var (name, value) in mapping.Entries)
            {
                var entryPath = Join(path, Shorten(name.Value));
                if (entries.TryGetValue(name.Value, out var first))
                {
                    findings.Error(entryPath, name.Position, $"name \"{name.Value}\" is declared twice; the first is at line {first.Key.Position.Line}");
                    continue;
                }

                findings.Place(entryPath, name.Position);
                entries.Add(name.Value, (name, BindEntry(shape, value, entryPath, name.Position, name)));
            }

            CheckCount(key, mapping.Entries.Length, path, position);
        }
        else if (node is YamlScalar { IsNull: true })
        {
            CheckCount(key, 0, path, position);
        }
        else
        {
            findings.Error(path, position, $"expected names, each with its keys, found {Describe(node)}");
        }

        return ImmutableArrays.Create(shape.Type, [.. entries.Values.Select(entry => entry.Entry)]);
    }

    private void CheckCount(KeyShape key, int count, string path, YamlPosition position)
    {
        if (key.Description.AtLeast is { } least && count < int.Parse(least))
        {
            findings.Error(path, position, $"expected at least {(least == "1" ? "one" : least)}, found {(count == 0 ? "none" : count)}: {key.Description.Meaning}");
        }
    }

    private object Named(ObjectShape shape, object entry, YamlScalar? name, string path)
    {
        if (name is not null)
        {
            var parsed = shape.NameKind!.TryParse(name.Value, out var value, out var problem);
            shape.Name!.SetValue(entry, value);
            if (!parsed && shape.NameDescription!.RefersTo is null)
            {
                findings.Incomplete(path, name.Position, $"{problem}; expected {shape.NameKind.Expectation}");
            }
        }

        return entry;
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Some(IEnumerable<string> keys)
    {
        var all = keys.ToArray();
        return all.Length <= 4 ? string.Join(", ", all) : $"{string.Join(", ", all.Take(4))}, …";
    }

    private static string Describe(YamlNode node) => ScalarBinder.Describe(node);

    private static string Shorten(string text) => ScalarBinder.Shorten(text);
}
