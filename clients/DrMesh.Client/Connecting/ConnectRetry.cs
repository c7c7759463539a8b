using System.Net.Sockets;
using DrMesh.Contracts.Errors;
using Npgsql;
using Orleans.Runtime.Messaging;

namespace DrMesh.Client.Connecting;

/// <summary>Tries again until a silo answers or the time is up, and then says so in one sentence.</summary>
internal sealed class ConnectRetry(DrMeshClientOptions options, TimeProvider time) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly long _started = time.GetTimestamp();

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_started) + Pause >= options.ConnectTimeout || !MayPass(exception))
        {
            throw Unreachable(options, exception);
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    /// <summary>The error for a mesh that does not answer.</summary>
    public static DrMeshException Unreachable(DrMeshClientOptions options, Exception? cause)
    {
        var seconds = options.ConnectTimeout.TotalSeconds;
        if (options.Gateways.IsDefaultOrEmpty)
        {
            return cause is NpgsqlException or SocketException
                ? new DrMeshException(
                    DrMeshError.ControlStoreUnreachable,
                    $"the control store did not name a gateway within {seconds} s: {cause.Message}",
                    "connect by --gateways instead, or check the connection string and the store",
                    cause)
                : new DrMeshException(
                    DrMeshError.MeshUnreachable,
                    $"the control store knows no silo of cluster {options.ClusterId} that answered within {seconds} s",
                    "start one with drmesh silo run or drmesh mesh up",
                    cause);
        }

        return new DrMeshException(
            DrMeshError.MeshUnreachable,
            $"no silo answered at {string.Join(", ", options.Gateways)} within {seconds} s",
            "start one with drmesh silo run or drmesh mesh up, or correct --gateways",
            cause);
    }

    // A wrong password or a missing table does not mend itself by waiting.
    private static bool MayPass(Exception exception) =>
        exception is SiloUnavailableException or ConnectionFailedException or TimeoutException or SocketException
        || exception is OrleansMessageRejectionException
        || (exception is NpgsqlException store && (store.IsTransient || store.InnerException is SocketException or TimeoutException));
}
