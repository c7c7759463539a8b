using System.Xml.Linq;

namespace DrMesh.Architecture.Tests;

/// <summary>A layer knows only those under it. The project files are read, so that a reference nobody uses yet is found too.</summary>
public sealed class LayerTests
{
    /// <summary>Each project and all the projects it may name; what those bring along is allowed by their own row.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["DrMesh.Contracts"] = [],
        ["DrMesh.Core"] = ["DrMesh.Contracts"],
        ["DrMesh.Engines.Processes"] = ["DrMesh.Core"],
        ["DrMesh.Engines.PostgreSql"] = ["DrMesh.Core", "DrMesh.Engines.Processes"],
        ["DrMesh.Engines.MongoDb"] = ["DrMesh.Core", "DrMesh.Engines.Processes"],
        ["DrMesh.Engines.Files"] = ["DrMesh.Core", "DrMesh.Engines.Processes"],
        ["DrMesh.Engines.Dns"] = ["DrMesh.Core", "DrMesh.Engines.Processes"],
        ["DrMesh.Engines.Repository"] = ["DrMesh.Core", "DrMesh.Engines.Processes"],
        ["DrMesh.Grains"] = ["DrMesh.Core"],
        ["DrMesh.Client"] = ["DrMesh.Contracts"],
        // Core is named beside Engines.Repository, which brings it anyway: an estate file is validated without a silo.
        ["DrMesh.Console"] = ["DrMesh.Client", "DrMesh.Core", "DrMesh.Engines.Repository"],
        // The demo and the lab stand beside the product: they start its programs and call it as a client.
        ["DrMesh.Lab"] = ["DrMesh.Client", "DrMesh.Engines.PostgreSql"],
    };

    public static TheoryData<string> Projects() =>
        new(ProjectFiles().Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name != "DrMesh.Silo"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_OnlyLayersBelow(string project)
    {
        Allowed.ShouldContainKey(project, $"add {project} to the table of layers, or remove the project");
        var file = ProjectFiles().Single(path => Path.GetFileNameWithoutExtension(path) == project);

        References(file).Except(Allowed[project]).ShouldBeEmpty($"{project} names a layer above or beside it");
    }

    [Fact]
    public void Core_UsesNoOrleansRuntimeAndNoInputOrOutput()
    {
        string[] banned = ["Orleans.Runtime", "Npgsql", "System.Net.Http", "System.Net.Sockets", "System.Diagnostics.Process", "AWSSDK.Core"];

        typeof(DrMesh.Core.CoreAssembly).Assembly.GetReferencedAssemblies().Select(name => name.Name).Intersect(banned).ShouldBeEmpty();
    }

    private static IEnumerable<string> ProjectFiles() =>
        new[] { "contracts", "grains", "silos", "clients", "infra" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Tree.Root, folder), "*.csproj", SearchOption.AllDirectories));

    private static IEnumerable<string> References(string projectFile) =>
        XDocument.Load(projectFile).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
}
