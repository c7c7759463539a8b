using System.Text.Json.Nodes;

namespace DrMesh.Core.Estate.Values;

/// <summary><c>true</c> or <c>false</c>; the older YAML words yes, no, on and off are refused, since readers disagree on them.</summary>
internal sealed class BooleanKind : ScalarKind
{
    public override string Expectation => "true or false";

    public override string TypeName => "true or false";

    public override object Placeholder => false;

    public override IReadOnlyList<string> Choices { get; } = ["true", "false"];

    public override bool TryParse(string text, out object value, out string? problem)
    {
        problem = null;
        value = text == "true";
        return text is "true" or "false";
    }

    public override string Format(object value) => (bool)value ? "true" : "false";

    public override JsonObject JsonSchema(string? atLeast, string? atMost) => new() { ["type"] = "boolean" };
}
