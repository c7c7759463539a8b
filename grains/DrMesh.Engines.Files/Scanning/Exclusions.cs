using System.Text;
using System.Text.RegularExpressions;

namespace DrMesh.Engines.Files.Scanning;

/// <summary>Decides what is left out of a tree; see <see cref="Core.Backups.Files.FileTreeScan.Exclude"/> for the patterns.</summary>
internal sealed class Exclusions
{
    private readonly Regex? _names;
    private readonly Regex? _paths;

    public Exclusions(IReadOnlyList<string> patterns)
    {
        _names = Compile(patterns.Where(pattern => !pattern.Trim('/').Contains('/') && !pattern.StartsWith('/')));
        _paths = Compile(patterns.Where(pattern => pattern.Trim('/').Contains('/') || pattern.StartsWith('/')));
    }

    /// <summary>Whether the path, and all under it, is left out.</summary>
    public bool Excludes(string path, string name) => _names?.IsMatch(name) == true || _paths?.IsMatch(path) == true;

    private static Regex? Compile(IEnumerable<string> patterns)
    {
        var alternatives = patterns.Select(pattern => Translate(pattern.Trim('/'))).ToList();
        return alternatives.Count == 0
            ? null
            : new Regex($@"\A(?:{string.Join('|', alternatives)})\z", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    private static string Translate(string pattern)
    {
        var regex = new StringBuilder();
        for (var at = 0; at < pattern.Length; at++)
        {
            var rest = pattern.AsSpan(at);
            if (rest.StartsWith("**/"))
            {
                regex.Append("(?:.*/)?");
                at += 2;
            }
            else if (rest.StartsWith("**"))
            {
                regex.Append(".*");
                at++;
            }
            else if (rest[0] == '[' && rest[1..].IndexOf(']') is var close and > 0)
            {
                regex.Append(Set(rest.Slice(1, close)));
                at += close + 1;
            }
            else
            {
                regex.Append(rest[0] switch { '*' => "[^/]*", '?' => "[^/]", _ => Regex.Escape(rest[..1].ToString()) });
            }
        }

        return regex.ToString();
    }

    private static string Set(ReadOnlySpan<char> members)
    {
        var negated = members[0] is '!' or '^' && members.Length > 1;
        var escaped = (negated ? members[1..] : members).ToString().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);
        return negated ? $"[^/{escaped}]" : escaped.StartsWith('^') ? $@"[\{escaped}]" : $"[{escaped}]";
    }
}
