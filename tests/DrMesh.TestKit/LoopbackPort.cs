using System.Net;
using System.Net.Sockets;

namespace DrMesh.TestKit;

/// <summary>Ports on loopback for servers of tests.</summary>
public static class LoopbackPort
{
    /// <summary>
    /// A port that was free for UDP and TCP a moment ago. It lies below the range from which the system gives ports to outgoing connections: else one of them takes it
    /// before the server does, or while the server is down for a moment.
    /// </summary>
    public static int Next()
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
