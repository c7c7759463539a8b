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

    /// <summary>Why the last try failed; null: none has ended yet.</summary>
    public Exception? LastCause { get; private set; }

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LastCause = exception;
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
            return cause switch
            {
                NpgsqlException or SocketException => StoreSilent($"the control store did not name a gateway within {seconds} s: {cause.Message}", cause),
                OperationCanceledException => StoreSilent($"neither the control store nor a silo that it names answered within {seconds} s", cause),
                _ => new DrMeshException(
                    DrMeshError.MeshUnreachable,
                    $"the control store knows no silo of cluster {options.ClusterId} that answered within {seconds} s",
                    "start one with drmesh silo run or drmesh mesh up",
                    cause),
            };
        }

        return new DrMeshException(
            DrMeshError.MeshUnreachable,
            $"no silo answered at {string.Join(", ", options.Gateways)} within {seconds} s",
            "start one with drmesh silo run or drmesh mesh up, or correct --gateways",
            cause);
    }

    private static DrMeshException StoreSilent(string message, Exception cause) => new(
        DrMeshError.ControlStoreUnreachable, message, "connect by --gateways instead, or check the connection string and the store", cause);

    // A wrong password or a missing table does not mend itself by waiting.
    private static bool MayPass(Exception exception) =>
        exception is SiloUnavailableException or ConnectionFailedException or TimeoutException or SocketException
        || exception is OrleansMessageRejectionException
        || (exception is NpgsqlException store && (store.IsTransient || store.InnerException is SocketException or TimeoutException));
}
