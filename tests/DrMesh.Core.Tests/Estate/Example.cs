namespace DrMesh.Core.Tests.Estate;

/// <summary>The example estates of <c>infra/examples</c>.</summary>
internal static class Example
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of the examples.</summary>
    public static string Folder { get; } = Path.Combine(Root, "infra", "examples");

    private const string Mark = "# yaml-language-server: $schema=estate.schema.json\n";

    /// <summary>The names of the estates among the examples: each tells an editor its schema in the first line.</summary>
    public static IEnumerable<string> Names() => Directory.EnumerateFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path))
        .Where(name => Text(name).StartsWith(Mark, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>The text of one example.</summary>
    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DrMesh.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("DrMesh.sln is in no parent directory of the tests");
        }

        return directory.FullName;
    }
}
