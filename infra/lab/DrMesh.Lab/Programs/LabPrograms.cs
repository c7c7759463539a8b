using DrMesh.Contracts.Errors;

namespace DrMesh.Lab.Programs;

/// <summary>Where DrMesh's own programs are: the launcher says it by variables; without them they are looked for in the tree this one was built in.</summary>
internal static class LabPrograms
{
    /// <summary>The silo program, which also serves <c>mesh</c> and <c>store</c>.</summary>
    public static string Silo { get; } = Find("DRMESH_SILO_PROGRAM", "silos", "DrMesh.Silo", "DrMesh.Silo");

    /// <summary>The console.</summary>
    public static string Console { get; } = Find("DRMESH_CONSOLE_PROGRAM", "clients", "DrMesh.Console", "drmesh");

    /// <summary>This program, also when it is used as a library by a test.</summary>
    public static string Lab { get; } = Find("DRMESH_LAB_PROGRAM", Path.Combine("infra", "lab"), "DrMesh.Lab", "DrMesh.Lab");

    private static string Find(string variable, string layer, string project, string program)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            return given;
        }

        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        for (var root = output; root is not null; root = root.Parent)
        {
            if (File.Exists(Path.Combine(root.FullName, "DrMesh.sln")))
            {
                return Path.Combine(root.FullName, layer, project, "bin", output.Parent!.Name, output.Name, program);
            }
        }

        throw new DrMeshException(DrMeshError.ToolMissing, $"{program} is not found: DrMesh.sln is in no parent of {output}", $"start the lab by ./drmesh, or set {variable}");
    }
}
