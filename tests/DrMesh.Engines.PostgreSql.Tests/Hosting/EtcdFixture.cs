using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Hosting;

/// <summary>The store of a class's Patronis, each with a scope of its own.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    /// <summary>The store.</summary>
    public EtcdServer Etcd { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Etcd = await EtcdServer.StartNewAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Etcd.DisposeAsync();
}
