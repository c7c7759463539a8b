using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DrMesh.Core.Estate.Yaml;

/// <summary>Writes a tree as YAML in one way only: block style, two spaces, lists of single values in brackets.</summary>
internal static partial class YamlWriter
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of <paramref name="node"/>, each line ended, beginning at <paramref name="indent"/> spaces.</summary>
    public static string Write(YamlNode node, int indent = 0)
    {
        var text = new StringBuilder();
        switch (node)
        {
            case YamlMapping mapping:
                WriteEntries(text, mapping, indent);
                break;
            case YamlSequence sequence when !IsFlow(sequence):
                WriteItems(text, sequence, indent);
                break;
            default:
                text.Append(' ', indent).Append(Inline(node)).Append('\n');
                break;
        }

        return text.ToString();
    }

    /// <summary>A single value, or a list of them, on one line.</summary>
    public static string Inline(YamlNode node) => node switch
    {
        YamlScalar scalar => Scalar(scalar),
        YamlSequence sequence => $"[{string.Join(", ", sequence.Items.Select(Inline))}]",
        YamlMapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(entry => $"{Scalar(entry.Key)}: {Inline(entry.Value)}"))}}}",
        _ => throw new InvalidOperationException($"no text for {node.GetType().Name}"),
    };

    private static void WriteEntries(StringBuilder text, YamlMapping mapping, int indent)
    {
        foreach (var (key, value) in mapping.Entries)
        {
            text.Append(' ', indent);
            WriteEntry(text, key, value, indent);
        }
    }

    private static void WriteEntry(StringBuilder text, YamlScalar key, YamlNode value, int indent)
    {
        text.Append(Scalar(key)).Append(':');
        switch (value)
        {
            case YamlMapping { Entries.Length: > 0 } inner:
                text.Append('\n');
                WriteEntries(text, inner, indent + 2);
                break;
            case YamlSequence items when !IsFlow(items):
                text.Append('\n');
                WriteItems(text, items, indent + 2);
                break;
            default:
                text.Append(' ').Append(Inline(value)).Append('\n');
                break;
        }
    }

    private static void WriteItems(StringBuilder text, YamlSequence sequence, int indent)
    {
        foreach (var item in sequence.Items)
        {
            text.Append(' ', indent).Append("- ");
            if (item is not YamlMapping { Entries.Length: > 0 } mapping)
            {
                text.Append(Inline(item)).Append('\n');
                continue;
            }

            // The first entry stands behind the dash, the others under it.
            WriteEntry(text, mapping.Entries[0].Key, mapping.Entries[0].Value, indent + 2);
            WriteEntries(text, mapping with { Entries = mapping.Entries.RemoveAt(0) }, indent + 2);
        }
    }

    private static bool IsFlow(YamlSequence sequence) => sequence.Items.All(item => item is YamlScalar);

    private static string Scalar(YamlScalar scalar) =>
        !scalar.IsText || (PlainText().IsMatch(scalar.Value) && !ReadsAsAnotherType().IsMatch(scalar.Value))
            ? scalar.Value
            : JsonSerializer.Serialize(scalar.Value, Quoting);

    [GeneratedRegex(@"^([A-Za-z/][A-Za-z0-9_./@+-]*|\d+\.\d+\.\d+\.\d+|https?://[A-Za-z0-9_./@+:-]*[A-Za-z0-9/])( [A-Za-z0-9_./@+-]+)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PlainText();

    [GeneratedRegex(@"^(true|false|yes|no|on|off|null|y|n)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ReadsAsAnotherType();
}
