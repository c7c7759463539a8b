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

    /// <summary>The folder with the scripts and templates of the control store.</summary>
    public static string Patroni => Path.Combine(Root("infra/patroni", "start the lab by ./drmesh of a checkout"), "infra", "patroni");

    private static string Find(string variable, string layer, string project, string program)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            return given;
        }

        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(Root(program, $"start the lab by ./drmesh, or set {variable}"), layer, project, "bin", output.Parent!.Name, output.Name, program);
    }

    private static string Root(string wanted, string hint)
    {
        for (var root = new DirectoryInfo(AppContext.BaseDirectory); root is not null; root = root.Parent)
        {
            if (File.Exists(Path.Combine(root.FullName, "DrMesh.sln")))
            {
                return root.FullName;
            }
        }

        throw new DrMeshException(DrMeshError.ToolMissing, $"{wanted} is not found: DrMesh.sln is in no parent of {AppContext.BaseDirectory}", hint);
    }
}
