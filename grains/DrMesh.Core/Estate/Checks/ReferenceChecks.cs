using DrMesh.Core.Errors;
using DrMesh.Core.Estate.Shapes;

namespace DrMesh.Core.Estate.Checks;

/// <summary>Every name that is used is declared, and what is declared to be named is named.</summary>
internal static class ReferenceChecks
{
    private const int MostListed = 6;

    private static readonly Dictionary<string, string> Singular = new()
    {
        ["regions"] = "region",
        ["nodes"] = "node",
        ["policies"] = "policy",
        ["repositories"] = "repository",
        ["clusters"] = "cluster",
        ["fileTrees"] = "file tree",
        ["dnsProviders"] = "DNS provider",
        ["services"] = "service",
        ["hooks"] = "hook",
        ["applications"] = "application",
    };

    private static readonly string[] OnlyByName = ["policies", "repositories", "dnsProviders", "hooks"];

    public static void Run(CheckContext context)
    {
        var names = EstateWalk.Names(context.Estate);
        foreach (var (path, section, name) in EstateWalk.References(context.Estate))
        {
            if (!names[section].Contains(name))
            {
                context.Findings.Error(path, $"{Singular[section]} \"{name}\" is not declared; {Hint(section, name, names[section])}");
                context.Findings.Break(path);
            }
        }
    }

    /// <summary>Entries that exist only to be named, and are not. Said only of an estate without errors: a name that could not be read may be theirs.</summary>
    public static void RunUnused(CheckContext context)
    {
        var names = EstateWalk.Names(context.Estate);
        var used = EstateWalk.References(context.Estate).Select(reference => (reference.Section, reference.Name)).ToHashSet();
        foreach (var section in OnlyByName)
        {
            foreach (var name in names[section].Where(name => !used.Contains((section, name))))
            {
                context.Findings.Warning($"{section}.{name}", $"nothing uses this {Singular[section]}");
            }
        }
    }

    private static string Hint(string section, string name, IReadOnlyList<string> declared) =>
        NearestName.Of(name, declared) is { } near ? $"did you mean \"{near}\"?"
        : declared.Count == 0 ? $"there is no {Singular[section]} at all"
        : $"declared {(declared.Count == 1 ? "is" : "are")} {string.Join(", ", declared.Take(MostListed))}{(declared.Count > MostListed ? ", …" : "")}";
}
