using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Mesh;

/// <summary>One mesh for a class of tests: regions <c>a</c> and <c>b</c> with two silos each.</summary>
public sealed class FourSilos : IAsyncLifetime
{
    /// <summary>The mesh; a test that ends a silo leaves it to the next to start it again.</summary>
    public MeshFixture Mesh { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Mesh = await MeshFixture.StartNewAsync("a,b", silosPerRegion: 2);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Mesh.DisposeAsync();
}
