using DrMesh.Contracts.Regions;

namespace DrMesh.Silo.Mesh;

/// <summary>What a local mesh keeps in the state folder.</summary>
/// <param name="StateFolder">The state folder, absolute.</param>
internal sealed record LocalMeshPaths(string StateFolder)
{
    /// <summary>Everything of the mesh.</summary>
    public string Folder => Path.Combine(StateFolder, "mesh");

    /// <summary>A folder for each silo, <c>region/node</c>.</summary>
    public string Silos => Path.Combine(Folder, "silos");

    /// <summary>The secret by which the silos know each other.</summary>
    public string MeshSecret => Path.Combine(Folder, "mesh-secret");

    /// <summary>A token file for each role.</summary>
    public string Tokens => Path.Combine(Folder, "tokens");

    /// <summary>Held while the mesh is started or ended.</summary>
    public string Lock => Path.Combine(StateFolder, "mesh.lock");

    /// <summary>The folder of one silo.</summary>
    public string SiloFolder(NodeId node) => Path.Combine(Silos, node.Region.Value, node.Name);
}
