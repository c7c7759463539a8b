namespace DrMesh.Architecture.Tests;

/// <summary>The source tree the tests were built from.</summary>
internal static class Tree
{
    /// <summary>The directory with <c>DrMesh.sln</c>.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>All source files that people wrote, by their path from the root.</summary>
    public static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".drmesh"));

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
