using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace DrMesh.Console.Commands.Doctor;

/// <summary>Reads a connection string of libpq, <c>host=db1 port=5432 application_name='a b'</c>, as <c>primary_conninfo</c> holds one.</summary>
internal static partial class ConnectionInfo
{
    /// <summary>Its values by key; that of <c>password</c> is not kept, only that there is one.</summary>
    public static ImmutableDictionary<string, string> Read(string text)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (Match pair in Pair().Matches(text))
        {
            var key = pair.Groups["key"].Value;
            var quoted = pair.Groups["quoted"];
            var value = Escape().Replace(quoted.Success ? quoted.Value : pair.Groups["plain"].Value, "$1");
            values[key] = key == "password" ? "" : value;
        }

        return values.ToImmutable();
    }

    [GeneratedRegex(@"(?<key>\w+)\s*=\s*('(?<quoted>(\\.|[^'\\])*)'|(?<plain>(\\.|[^\s\\])*))", RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
