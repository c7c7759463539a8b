using System.Text.Json.Nodes;

namespace DrMesh.Core.Estate.Values;

/// <summary>A duration, see <see cref="DurationText"/>.</summary>
internal sealed class DurationKind : ScalarKind
{
    public override string Expectation => "a duration such as 15m, 2h or 7d";

    public override string TypeName => "duration";

    public override object Placeholder => TimeSpan.Zero;

    public override bool TryParse(string text, out object value, out string? problem)
    {
        var parsed = DurationText.TryParse(text, out var duration, out problem);
        value = duration;
        return parsed;
    }

    public override string Format(object value) => DurationText.Format((TimeSpan)value);

    public override JsonObject JsonSchema(string? atLeast, string? atMost) => new()
    {
        ["type"] = "string",
        ["pattern"] = @"^(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$",
        ["minLength"] = 2,
    };
}
