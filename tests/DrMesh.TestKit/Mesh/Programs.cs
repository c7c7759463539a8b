namespace DrMesh.TestKit.Mesh;

/// <summary>Where the programs under test were built, in the same configuration as the tests themselves.</summary>
public static class Programs
{
    /// <summary>The silo program.</summary>
    public static string Silo { get; } = Find("silos", "DrMesh.Silo", "DrMesh.Silo");

    /// <summary>The console.</summary>
    public static string Console { get; } = Find("clients", "DrMesh.Console", "drmesh");

    private static string Find(string layer, string project, string program)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output;
        while (!File.Exists(Path.Combine(root.FullName, "DrMesh.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("DrMesh.sln is in no parent directory of the tests");
        }

        return Path.Combine(root.FullName, layer, project, "bin", output.Parent!.Name, output.Name, program);
    }
}
