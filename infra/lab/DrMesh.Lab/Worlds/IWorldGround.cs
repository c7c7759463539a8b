namespace DrMesh.Lab.Worlds;

/// <summary>What a world stands on: this machine's loopback, or network namespaces.</summary>
internal interface IWorldGround
{
    /// <summary>Its addresses.</summary>
    WorldNetwork Network { get; }

    /// <summary>Starts what does not run of the control store and the silos, and returns when all are ready.</summary>
    Task MeshUpAsync(WorldConsole console, IReadOnlyList<WorldRegion> regions, CancellationToken cancellationToken);

    /// <summary>Starts a region's database where that region is.</summary>
    Task StartDatabaseAsync(WorldRegion region, TimeSpan patience, CancellationToken cancellationToken);
}
