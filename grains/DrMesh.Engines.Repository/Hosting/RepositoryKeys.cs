using DrMesh.Engines.Repository.Keys;

namespace DrMesh.Engines.Repository.Hosting;

/// <summary>Key files, for programs that make them.</summary>
public static class RepositoryKeys
{
    /// <summary>Makes a new key file that only its owner can read; one that is there is never overwritten. Returns the key's name.</summary>
    public static string CreateFile(string path) => KeyFile.Create(path);
}
