namespace DrMesh.Lab.Worlds;

/// <summary>Loopback: the mesh as <c>drmesh mesh up</c> starts it, which needs no rights.</summary>
internal sealed class LoopbackGround(WorldNetwork network) : IWorldGround
{
    public WorldNetwork Network => network;

    public async Task MeshUpAsync(WorldConsole console, IReadOnlyList<WorldRegion> regions, CancellationToken cancellationToken) =>
        await console.RunAsync(["mesh", "up", "--regions", string.Join(',', regions.Select(region => region.Id))], cancellationToken);

    public Task StartDatabaseAsync(WorldRegion region, TimeSpan patience, CancellationToken cancellationToken) => region.Instance.StartAsync(patience, cancellationToken);
}
