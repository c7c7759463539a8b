using DrMesh.Core.Errors;
using DrMesh.Core.Estate.Values;
using DrMesh.Core.Estate.Yaml;

namespace DrMesh.Core.Estate.Reading;

/// <summary>Reads single values, and says for a bad one what was found and what was expected.</summary>
internal sealed class ScalarBinder(Findings findings)
{
    private const int LongestShown = 60;

    /// <summary>The value, or null when there is an error. The limits are written as the estate writes values.</summary>
    public object? Bind(ScalarKind kind, string? atLeast, string? atMost, YamlNode node, string path, YamlPosition place)
    {
        if (node is not YamlScalar scalar)
        {
            findings.Error(path, place, $"expected {Expectation(kind, atLeast, atMost)}, found {Describe(node)}");
            return null;
        }

        if (scalar.IsNull || scalar.Value.Length == 0)
        {
            findings.Error(path, place, $"the value is missing; expected {Expectation(kind, atLeast, atMost)}");
            return null;
        }

        if (!kind.TryParse(scalar.Value, out var value, out var problem))
        {
            findings.Error(path, place, Refusal(kind, scalar.Value, problem));
            return null;
        }

        if ((atLeast is not null && Compare(kind, value, atLeast) < 0) || (atMost is not null && Compare(kind, value, atMost) > 0))
        {
            findings.Error(path, place, $"{scalar.Value} is out of range; expected {Expectation(kind, atLeast, atMost)}");
            return null;
        }

        return value;
    }

    /// <summary>What a value is, for an error that expected something else.</summary>
    public static string Describe(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar scalar => $"\"{Shorten(scalar.Value)}\"",
        YamlSequence => "a list",
        _ => "a mapping",
    };

    /// <summary>A value short enough for one line.</summary>
    public static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestShown ? line : $"{line[..LongestShown]}…";
    }

    private static string Refusal(ScalarKind kind, string text, string? problem)
    {
        var shown = $"\"{Shorten(text)}\"";
        if (kind.Choices.Count > 0)
        {
            return $"{shown} is not {kind.Expectation}{(NearestName.Of(text, kind.Choices) is { } near ? $"; did you mean \"{near}\"?" : "")}";
        }

        return problem is null ? $"{shown} is not {kind.Expectation}" : $"{problem}; expected {kind.Expectation}";
    }

    private static string Expectation(ScalarKind kind, string? atLeast, string? atMost) => (atLeast, atMost) switch
    {
        (null, null) => kind.Expectation,
        (null, _) => $"a {kind.TypeName} of at most {atMost}",
        (_, null) => $"a {kind.TypeName} of at least {atLeast}",
        _ when atLeast == atMost => atLeast,
        _ => $"a {kind.TypeName} from {atLeast} to {atMost}",
    };

    private static int Compare(ScalarKind kind, object value, string limit)
    {
        if (!kind.TryParse(limit, out var bound, out _))
        {
            throw new InvalidOperationException($"the schema's limit {limit} is not {kind.Expectation}");
        }

        return ((IComparable)value).CompareTo(bound);
    }
}
