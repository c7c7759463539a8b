using System.Text.Json.Nodes;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Estate.Values;

/// <summary>A size, see <see cref="SizeText"/>.</summary>
internal sealed class SizeKind : ScalarKind
{
    public override string Expectation => "a size such as 64kB, 16MB or 10GB";

    public override string TypeName => "size";

    public override object Placeholder => default(ByteSize);

    public override bool TryParse(string text, out object value, out string? problem)
    {
        var parsed = SizeText.TryParse(text, out var size, out problem);
        value = size;
        return parsed;
    }

    public override string Format(object value) => SizeText.Format((ByteSize)value);

    public override JsonObject JsonSchema(string? atLeast, string? atMost) => new()
    {
        ["type"] = "string",
        ["pattern"] = @"^\d+ ?([kKMGTmgt]?[bB])$",
    };
}
