using System.Globalization;
using DbUp.Engine;

namespace DrMesh.Grains.ControlStore;

/// <summary>The migrations in this program, from infra/control-store. The number a script's name begins with is the version it leads to.</summary>
internal static class ControlStoreMigrations
{
    private const string Prefix = "ControlStore.";

    /// <summary>All scripts, oldest first.</summary>
    public static IReadOnlyList<SqlScript> Scripts { get; } = Load();

    /// <summary>The schema version this program needs.</summary>
    public static int Latest { get; } = Scripts.Max(script => VersionOf(script.Name));

    /// <summary>The version a script leads to.</summary>
    public static int VersionOf(string scriptName) => int.Parse(scriptName.AsSpan(0, scriptName.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture);

    private static List<SqlScript> Load()
    {
        var assembly = typeof(ControlStoreMigrations).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return new SqlScript(name[Prefix.Length..], reader.ReadToEnd());
            })];
    }
}
