namespace DrMesh.Engines.Dns.Tests;

/// <summary>A secret in a file of its own, removed on dispose.</summary>
internal sealed class SecretFile : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("drm-");

    public SecretFile(string secret)
    {
        Path = System.IO.Path.Combine(_directory.FullName, "secret");
        File.WriteAllText(Path, secret + "\n");
    }

    public string Path { get; }

    public void Dispose() => _directory.Delete(recursive: true);
}
