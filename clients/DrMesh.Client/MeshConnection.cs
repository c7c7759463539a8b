using DrMesh.Client.Connecting;
using DrMesh.Contracts.Errors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DrMesh.Client;

/// <summary>A connection for a program without a host of its own: a command, a script, a test. Close it when done.</summary>
public sealed class MeshConnection : IAsyncDisposable
{
    private readonly IHost _host;

    private MeshConnection(IHost host)
    {
        _host = host;
        Grains = host.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>Gives references to the mesh's grains.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>Connects to the first silo that answers.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.MeshUnreachable"/> or <see cref="DrMeshError.ControlStoreUnreachable"/> when none did within the options' time.</exception>
    public static async Task<MeshConnection> OpenAsync(
        DrMeshClientOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddDrMeshClient(options);
        var host = builder.Build();
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time ?? TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await host.StartAsync(either.Token);
            return new MeshConnection(host);
        }
        catch (Exception failed)
        {
            var cause = failed is OperationCanceledException ? host.Services.GetRequiredService<ConnectRetry>().LastCause ?? failed : failed;
            await CloseAsync(host);
            if (failed is DrMeshException || cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw ConnectRetry.Unreachable(options, cause);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync(_host);

    private static async Task CloseAsync(IHost host)
    {
        // A silo that stopped answering must not keep a command from ending.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await host.StopAsync(patience.Token);
        }
        catch (Exception)
        {
            // The process is done with the mesh; what the runtime says while it closes changes nothing for anyone.
        }

        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
