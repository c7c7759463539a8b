using System.Globalization;
using System.Text.Json.Nodes;

namespace DrMesh.Core.Estate.Values;

/// <summary>A whole number.</summary>
internal sealed class IntegerKind : ScalarKind
{
    public override string Expectation => "a whole number";

    public override string TypeName => "number";

    public override object Placeholder => 0;

    public override bool TryParse(string text, out object value, out string? problem)
    {
        problem = null;
        var parsed = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        value = number;
        return parsed;
    }

    public override string Format(object value) => ((int)value).ToString(CultureInfo.InvariantCulture);

    public override JsonObject JsonSchema(string? atLeast, string? atMost)
    {
        var schema = new JsonObject { ["type"] = "integer" };
        if (atLeast is not null)
        {
            schema["minimum"] = int.Parse(atLeast, CultureInfo.InvariantCulture);
        }

        if (atMost is not null)
        {
            schema["maximum"] = int.Parse(atMost, CultureInfo.InvariantCulture);
        }

        return schema;
    }
}
