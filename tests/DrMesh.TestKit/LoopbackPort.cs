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
}
