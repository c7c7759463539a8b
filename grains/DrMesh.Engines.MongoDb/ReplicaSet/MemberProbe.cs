using System.Net.Sockets;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.ReplicaSet;

/// <summary>Whether anybody listens at a member's address. The driver goes on trying one that refuses until its time is up; who must decide in a hurry asks first.</summary>
internal static class MemberProbe
{
    /// <summary>Asks a member, and once more when the connection was lost: one that restarted, or stepped down, closed those of before.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (MongoConnectionException)
        {
            return await ask();
        }
    }

    /// <summary>Returns when somebody listens.</summary>
    /// <exception cref="TimeoutException">Nobody does.</exception>
    public static async Task DemandAsync(string host, TimeSpan patience, CancellationToken cancellationToken)
    {
        var address = MongoServerAddress.Parse(host);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, limit.Token);
        }
        catch (Exception silent) when (silent is SocketException || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new TimeoutException($"nobody listens at {host}: {silent.Message}", silent);
        }
    }
}
