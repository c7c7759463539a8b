using System.Text.Json.Nodes;

namespace DrMesh.Core.Estate.Values;

/// <summary>Text in a format, carried by a string or by an identifier type around one.</summary>
internal sealed class TextKind(Type type, TextFormat format) : ScalarKind
{
    public override string Expectation => format.Expectation;

    public override string TypeName => format.TypeName;

    public override object Placeholder => Wrap("");

    public override bool IsText => true;

    public override bool TryParse(string text, out object value, out string? problem)
    {
        problem = format.Check(text);
        value = Wrap(text);
        if (problem is null)
        {
            return true;
        }

        problem = problem == TextFormat.SomethingElse ? null : problem;
        return false;
    }

    public override string Format(object value) => value.ToString()!;

    public override JsonObject JsonSchema(string? atLeast, string? atMost)
    {
        var schema = new JsonObject { ["type"] = "string", ["minLength"] = 1 };
        if (format.Pattern is not null)
        {
            schema["pattern"] = format.Pattern;
        }

        return schema;
    }

    private object Wrap(string text) => type == typeof(string) ? text : Activator.CreateInstance(type, text)!;
}
