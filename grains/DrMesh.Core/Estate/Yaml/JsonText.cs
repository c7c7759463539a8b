using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DrMesh.Core.Estate.Yaml;

/// <summary>Writes a tree as JSON.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of <paramref name="node"/>, indented, ended by a line feed.</summary>
    public static string Write(YamlNode node) => ToJson(node).ToJsonString(Indented) + "\n";

    private static JsonNode ToJson(YamlNode node) => node switch
    {
        YamlMapping mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key.Value, (JsonNode?)ToJson(entry.Value)))),
        YamlSequence sequence => new JsonArray([.. sequence.Items.Select(ToJson)]),
        YamlScalar { IsText: false, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalar { IsText: false } scalar when int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalar scalar => scalar.Value,
        _ => throw new InvalidOperationException($"no text for {node.GetType().Name}"),
    };
}
