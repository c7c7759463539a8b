using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Shapes;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Estate.Schema;

/// <summary>The JSON Schema (draft 7) of the estate file for editors, from the same shapes the parser uses.</summary>
public static class EstateJsonSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text, ended by a line feed.</summary>
    public static string Text()
    {
        var definitions = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var root = Entry(ObjectShape.Of(typeof(EstateDocument)), definitions);
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "DrMesh estate",
        };
        foreach (var (key, value) in root.ToArray())
        {
            root.Remove(key);
            schema[key] = value;
        }

        schema["definitions"] = new JsonObject(definitions.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        return schema.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Entry(ObjectShape shape, SortedDictionary<string, JsonObject> definitions)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        if (shape.Discriminator is { } chosen)
        {
            properties[chosen.Key] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray(chosen.Value) };
            required.Add(chosen.Key);
        }

        foreach (var key in shape.Keys)
        {
            properties[key.Key] = Described(key, Value(key, definitions));
            if (key.IsRequired)
            {
                required.Add(key.Key);
            }
        }

        var entry = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (required.Count > 0)
        {
            entry["required"] = required;
        }

        if (!shape.OneOf.IsEmpty)
        {
            entry["oneOf"] = new JsonArray([.. shape.OneOf.Select(key => new JsonObject { ["required"] = new JsonArray(key) })]);
        }

        return entry;
    }

    private static JsonObject Value(KeyShape key, SortedDictionary<string, JsonObject> definitions)
    {
        switch (key.Value)
        {
            case ScalarShape scalar:
                return scalar.Kind.JsonSchema(key.Description.AtLeast, key.Description.AtMost);
            case ObjectValueShape inner:
                return Reference(inner.Object, definitions);
            case ScalarListShape list:
                return List(list.Kind.JsonSchema(null, null), key);
            case ObjectListShape list:
                return List(Reference(list.Object, definitions), key);
            case NamedEntriesShape entries:
                var named = new JsonObject
                {
                    ["type"] = "object",
                    ["additionalProperties"] = false,
                    ["patternProperties"] = new JsonObject { [TextFormat.NamePattern] = Reference(entries.Object, definitions) },
                };
                if (key.Description.AtLeast is { } least)
                {
                    named["minProperties"] = int.Parse(least);
                }

                return named;
            default:
                throw new InvalidOperationException($"no schema for {key.Value}");
        }
    }

    private static JsonObject List(JsonObject item, KeyShape key)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = item };
        if (key.Description.AtLeast is { } least)
        {
            list["minItems"] = int.Parse(least);
        }

        return list;
    }

    private static JsonObject Described(KeyShape key, JsonObject value)
    {
        // Beside a reference other keywords are ignored in draft 7.
        if (value.ContainsKey("$ref"))
        {
            value = new JsonObject { ["allOf"] = new JsonArray(value) };
        }

        value["description"] = key.Description.Meaning;
        if (key is { IsRequired: false, Default: { } standard, Value: ScalarShape scalar })
        {
            var text = scalar.Kind.Format(standard);
            value["default"] = standard switch { int number => number, bool flag => flag, _ => (JsonNode)text };
        }

        return value;
    }

    private static JsonObject Reference(ObjectShape shape, SortedDictionary<string, JsonObject> definitions)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(shape.Type.Name.Replace("Definition", ""));
        if (!definitions.ContainsKey(name))
        {
            // Reserved first, for a record that holds itself would never end.
            definitions[name] = [];
            definitions[name] = shape.VariantKey is null
                ? Entry(shape, definitions)
                : new JsonObject { ["oneOf"] = new JsonArray([.. shape.Variants.Values.Select(form => Reference(form, definitions))]) };
        }

        return new JsonObject { ["$ref"] = $"#/definitions/{name}" };
    }
}
