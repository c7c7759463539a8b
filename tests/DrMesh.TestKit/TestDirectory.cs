using DrMesh.Engines.Processes;

namespace DrMesh.TestKit;

/// <summary>A temporary directory that servers under another user can enter; removed on dispose.</summary>
public sealed class TestDirectory : IDisposable
{
    private TestDirectory(string path) => Path = path;

    /// <summary>The directory's absolute path; short, since socket paths have a limit of 107 bytes.</summary>
    public string Path { get; }

    /// <summary>Creates one; with <paramref name="owner"/> it belongs to that user when the test runs as root.</summary>
    public static async Task<TestDirectory> CreateAsync(string? owner = null)
    {
        var directory = Directory.CreateTempSubdirectory("drm-");
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0b111_101_101);
        if (owner is not null && Environment.IsPrivilegedProcess)
        {
            var result = await ToolProcess.RunAsync(new ToolCommand { Program = "chown", Arguments = [owner, directory.FullName] });
            result.EnsureSuccess("the test needs that user; install the server's package");
        }

        return new TestDirectory(directory.FullName);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (Directory.Exists(Path))
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // A process that is ending removes its own at the same time; thrown on, this would hide why the test failed.
            }
        }
    }
}
