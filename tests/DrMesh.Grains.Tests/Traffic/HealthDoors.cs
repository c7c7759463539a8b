using System.Net;
using System.Net.Sockets;
using System.Text;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;
using DrMesh.Grains.Traffic;
using DrMesh.TestKit;

namespace DrMesh.Grains.Tests.Traffic;

/// <summary>
/// The <c>/traffic/shop</c> of two regions' silos, on two loopback addresses and one port, as a DNS provider's health checks ask them.
/// Both speak for the one silo of the test.
/// </summary>
internal sealed class HealthDoors : IAsyncDisposable
{
    private readonly TrafficHealth _health;
    private readonly List<TcpListener> _listeners = [];
    private readonly List<Task> _serving = [];
    private readonly CancellationTokenSource _closing = new();

    public HealthDoors(TrafficHealth health, params (RegionId Region, string Address)[] doors)
    {
        _health = health;
        var port = LoopbackPort.Next();
        foreach (var (region, address) in doors)
        {
            var listener = new TcpListener(IPAddress.Parse(address), port);
            listener.Start();
            _listeners.Add(listener);
            _serving.Add(ServeAsync(listener, region));
        }

        LuaRecord = $"ifurlup('http://shop.example.org:{port}/traffic/shop', {{{string.Join(", ", doors.Select(door => $"{{'{door.Address}'}}"))}}}, {{timeout=3}})";
    }

    /// <summary>PowerDNS's record that asks the doors.</summary>
    public string LuaRecord { get; }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await Task.WhenAll(_serving);
        _closing.Dispose();
    }

    private async Task ServeAsync(TcpListener listener, RegionId region)
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(_closing.Token);
                using var reader = new StreamReader(client.GetStream());
                while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 })
                {
                    // The head of the request; it has no body.
                }

                var answer = await _health.AskAsync(new ServiceId("shop"), region, _closing.Token);
                var status = answer?.IsServing is true ? "200 OK" : "503 Service Unavailable";
                var bytes = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                await client.GetStream().WriteAsync(bytes, _closing.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or IOException or SocketException)
            {
                // A check that went away, or the end of the test.
            }
        }
    }
}
