using System.Net;
using System.Net.Sockets;

namespace DrMesh.TestKit;

/// <summary>
/// Stands before an HTTP service on loopback and, when told to, answers 503 instead of it, or cuts connections in the middle of an answer.
/// </summary>
public sealed class FaultyRelay : IAsyncDisposable
{
    private static readonly byte[] Unavailable =
        "HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: 77\r\nConnection: close\r\n\r\n<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>later</Message></Error>"u8.ToArray();

    private readonly int _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _refuse;
    private long _cutAfter = long.MaxValue;
    private int _refused;

    public FaultyRelay(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, on loopback.</summary>
    public int Port { get; }

    /// <summary>Requests answered with 503 so far.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Answers the next connections with 503.</summary>
    public void RefuseNext(int connections) => Interlocked.Exchange(ref _refuse, connections);

    /// <summary>Cuts the next connection after so many bytes of its answer.</summary>
    public void CutNextAfter(long bytes) => Interlocked.Exchange(ref _cutAfter, bytes);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                if (Interlocked.Decrement(ref _refuse) >= 0)
                {
                    await RefuseAsync(client.GetStream());
                    return;
                }

                Interlocked.Exchange(ref _refuse, 0);
                using var service = new TcpClient();
                await service.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(service.GetStream(), _stop.Token),
                    PumpAsync(service.GetStream(), client.GetStream()));
            }
            catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Either side went away.
            }
        }
    }

    private async Task RefuseAsync(NetworkStream stream)
    {
        var buffer = new byte[64 << 10];
        _ = await stream.ReadAsync(buffer, _stop.Token);
        Interlocked.Increment(ref _refused);
        await stream.WriteAsync(Unavailable, _stop.Token);
        stream.Socket.Shutdown(SocketShutdown.Send);

        // A request body still under way must not turn the answer into a reset.
        while (await stream.ReadAsync(buffer, _stop.Token) > 0)
        {
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 << 10];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var read)
        {
            var left = Interlocked.Read(ref _cutAfter);
            if (left != long.MaxValue && Interlocked.Add(ref _cutAfter, -read) <= 0)
            {
                Interlocked.Exchange(ref _cutAfter, long.MaxValue);
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
