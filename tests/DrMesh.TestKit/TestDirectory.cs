using DrMesh.Engines.Processes;

namespace DrMesh.TestKit;

/// <summary>A temporary directory that servers under another user can enter; removed on dispose.</summary>
public sealed class TestDirectory : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long PlentyOfMemory = 6L << 30;

    private TestDirectory(string path) => Path = path;

    /// <summary>The directory's absolute path; short, since socket paths have a limit of 107 bytes.</summary>
    public string Path { get; }

    /// <summary>Creates one.</summary>
    /// <param name="owner">Whom it belongs to when the test runs as root; null: the test's own user.</param>
    /// <param name="inMemory">Whether it is for very many files: then it lies in memory where there is plenty, since a disk takes longer to forget them than the test to write them.</param>
    public static async Task<TestDirectory> CreateAsync(string? owner = null, bool inMemory = false)
    {
        var directory = Create(inMemory);
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0b111_101_101);
        if (owner is not null && Environment.IsPrivilegedProcess)
        {
            var result = await ToolProcess.RunAsync(new ToolCommand { Program = "chown", Arguments = [owner, directory.FullName] });
            result.EnsureSuccess("the test needs that user; install the server's package");
        }

        return new TestDirectory(directory.FullName);
    }

    private static DirectoryInfo Create(bool inMemory)
    {
        if (!inMemory || !Directory.Exists(Memory) || new DriveInfo(Memory).AvailableFreeSpace < PlentyOfMemory)
        {
            return Directory.CreateTempSubdirectory("drm-");
        }

        return Directory.CreateDirectory($"{Memory}/drm-{Guid.NewGuid():N}"[..22]);
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
