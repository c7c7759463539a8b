using DrMesh.Contracts.Errors;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Namespaces;

/// <summary>A world in network namespaces, from its folder: whoever has that can cut, kill and start its regions.</summary>
internal sealed class NamespaceWorld
{
    private NamespaceWorld(WorldFolder folder)
    {
        Folder = folder;
        Regions = WorldRegion.Three(folder, WorldNamespaces.Network);
        Namespaces = new WorldNamespaces(folder, Regions, WorldNamespaces.Network);
        Ground = new NamespaceGround(folder, Namespaces);
        Backbone = new Backbone(folder, Namespaces, Regions);
    }

    /// <summary>Its folder.</summary>
    public WorldFolder Folder { get; }

    /// <summary>Its regions; the first is the primary's at the start.</summary>
    public IReadOnlyList<WorldRegion> Regions { get; }

    /// <summary>Its namespaces.</summary>
    public WorldNamespaces Namespaces { get; }

    /// <summary>What it stands on.</summary>
    public NamespaceGround Ground { get; }

    /// <summary>The lines between its regions.</summary>
    public Backbone Backbone { get; }

    /// <summary>The one in a folder.</summary>
    public static NamespaceWorld In(WorldFolder folder) => new(folder);

    /// <summary>The only one that <c>lab up</c> left on this machine.</summary>
    /// <exception cref="DrMeshException">There is none, or this process is not root.</exception>
    public static NamespaceWorld Kept()
    {
        HubEntry.EnsureRoot();
        return WorldFolder.All().FirstOrDefault(folder => WorldOwner.Read(folder) is { IsKept: true } && WorldNamespaces.Exist(folder)) is { } found
            ? new NamespaceWorld(found)
            : throw new DrMeshException(DrMeshError.UsageInvalid, "no lab in network namespaces runs", "./drmesh lab up starts one");
    }

    /// <summary>A region by its name or its short one.</summary>
    /// <exception cref="DrMeshException">There is no such region.</exception>
    public WorldRegion Region(string name) => Regions.FirstOrDefault(region => region.Part == name || region.Id.Value == name) ?? throw new DrMeshException(
        DrMeshError.UsageInvalid, $"the lab has no region {name}", $"name one of {string.Join(", ", Regions.Select(region => $"{region.Part} ({region.Id})"))}");
}
