using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DrMesh.Core.Estate.Values;

/// <summary>One word of a list: the names of an enumeration in snake_case, or as the field itself writes them.</summary>
internal sealed class ChoiceKind : ScalarKind
{
    private readonly Dictionary<string, object> _values = [];
    private readonly Dictionary<object, string> _names = [];

    public ChoiceKind(Type type)
    {
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var name = field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name);
            var value = field.GetValue(null)!;
            _values.Add(name, value);
            _names.Add(value, name);
        }

        Choices = [.. _values.Keys];
    }

    public override string Expectation => Choices.Count == 1 ? Choices[0] : $"{string.Join(", ", Choices.SkipLast(1))} or {Choices[^1]}";

    public override string TypeName => string.Join(", ", Choices.Select(choice => $"`{choice}`"));

    public override object Placeholder => _values[Choices[0]];

    public override IReadOnlyList<string> Choices { get; }

    public override bool TryParse(string text, out object value, out string? problem)
    {
        problem = null;
        return _values.TryGetValue(text, out value!);
    }

    public override string Format(object value) => _names[value];

    public override JsonObject JsonSchema(string? atLeast, string? atMost) => new()
    {
        ["type"] = "string",
        ["enum"] = new JsonArray([.. Choices.Select(choice => JsonValue.Create(choice))]),
    };
}
