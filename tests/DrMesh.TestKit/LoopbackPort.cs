using System.Net;
using System.Net.Sockets;

namespace DrMesh.TestKit;

/// <summary>Ports the operating system assigns on loopback.</summary>
public static class LoopbackPort
{
    /// <summary>A TCP port that was free a moment ago.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// A port that was free for UDP and TCP a moment ago, as a DNS server needs it. It lies below the range from which the system gives ports to
    /// outgoing connections, so that none of them takes it before the server does.
    /// </summary>
    public static int NextDns()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 30_000);
            try
            {
                using var datagrams = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another one.
            }
        }
    }
}
