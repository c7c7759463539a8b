using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Chaos;

/// <summary>A region's disk that can be filled to its last byte: its folder is a file system of its own, in memory.</summary>
internal sealed class SmallDisk(WorldRegion region)
{
    private const string Size = "3g";

    /// <summary>The region that has it.</summary>
    public WorldRegion Region => region;

    private string Filler => Path.Combine(region.Folder, "filler");

    /// <summary>Mounts it; before the region's database is made. Whoever removes the world unmounts it.</summary>
    public async Task MountAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(region.Folder);
        var mounted = await ToolProcess.RunAsync(
            new ToolCommand { Program = "mount", Arguments = ["-t", "tmpfs", "-o", $"size={Size},mode=0700", "drmesh-lab", region.Folder] }, cancellationToken);
        mounted.EnsureSuccess("the lab needs root");
    }

    /// <summary>Takes all that is free.</summary>
    /// <exception cref="DrMeshException">Another region was named.</exception>
    public async Task FillAsync(WorldRegion where, CancellationToken cancellationToken)
    {
        if (where.Id != region.Id)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, $"the disk of {where.Id} cannot be filled", $"only that of {region.Id} is one of its own");
        }

        // It ends with "no space left", which is what is wanted.
        await ToolProcess.RunAsync(new ToolCommand { Program = "dd", Arguments = ["if=/dev/zero", $"of={Filler}", "bs=1M"] }, cancellationToken);
    }

    /// <summary>Gives it back.</summary>
    public Task Free(WorldRegion where)
    {
        if (where.Id == region.Id)
        {
            File.Delete(Filler);
        }

        return Task.CompletedTask;
    }
}
