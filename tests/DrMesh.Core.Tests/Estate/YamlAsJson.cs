using System.Globalization;
using System.Text.Json.Nodes;
using DrMesh.Core.Estate.Yaml;

namespace DrMesh.Core.Tests.Estate;

/// <summary>A YAML text as the JSON an editor's schema check sees.</summary>
internal static class YamlAsJson
{
    public static string Convert(string text) => Node(YamlComposer.Compose(text)!)!.ToJsonString();

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMapping mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key.Value, Node(entry.Value)))),
        YamlSequence sequence => new JsonArray([.. sequence.Items.Select(Node)]),
        YamlScalar { IsNull: true } => null,
        YamlScalar { IsText: false, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalar { IsText: false } scalar when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalar scalar => scalar.Value,
        _ => throw new InvalidOperationException(node.GetType().Name),
    };
}
