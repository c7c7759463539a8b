using DrMesh.TestKit;

namespace DrMesh.Silo.Tests.Settings;

/// <summary>A folder with a good configuration that each test spoils in its own way.</summary>
internal sealed class ConfigFolder : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TestDirectory _directory;

    private ConfigFolder(TestDirectory directory) => _directory = directory;

    public string Path => _directory.Path;

    public string File => System.IO.Path.Combine(Path, "silo.yaml");

    public static async Task<ConfigFolder> CreateAsync()
    {
        var folder = new ConfigFolder(await TestDirectory.CreateAsync());
        folder.Write("mesh-secret", new string('s', 40), Private);
        folder.Write("token", "a-token", Private);
        folder.WriteConfig(folder.Good);
        return folder;
    }

    public string Good =>
        $"""
         region: eu-west-1
         node: db1
         endpoints:
           address: 127.0.0.1
         store:
           connectionString: Host=127.0.0.1;Database=drmesh;Username=drmesh
         access:
           meshSecretFile: {Path}/mesh-secret
           tokens:
             - name: alice
               role: operator
               file: {Path}/token

         """;

    public void WriteConfig(string yaml) => System.IO.File.WriteAllText(File, yaml);

    public void Write(string name, string content, UnixFileMode mode)
    {
        var file = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllText(file, content);
        System.IO.File.SetUnixFileMode(file, mode);
    }

    public void Dispose() => _directory.Dispose();
}
