using DrMesh.Engines.Processes;

namespace DrMesh.Engines.Repository.Tests.Harness;

/// <summary>A file system of a few megabytes mounted on a directory; needs root, as CI has.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _directory;

    private SmallDisk(string directory) => _directory = directory;

    public static async Task<SmallDisk> MountAsync(string directory, int megabytes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        Directory.CreateDirectory(directory);
        var mounted = await ToolProcess.RunAsync(new ToolCommand
        {
            Program = "mount",
            Arguments = ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", directory],
        });
        mounted.EnsureSuccess("the test needs to mount a tmpfs");
        return new SmallDisk(directory);
    }

    public async ValueTask DisposeAsync()
    {
        var unmounted = await ToolProcess.RunAsync(new ToolCommand { Program = "umount", Arguments = [_directory] });
        unmounted.EnsureSuccess("umount it by hand");
    }
}
