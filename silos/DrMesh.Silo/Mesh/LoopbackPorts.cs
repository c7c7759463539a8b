using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DrMesh.Silo.Mesh;

/// <summary>Ports of this machine for servers that will have them for good.</summary>
internal static class LoopbackPorts
{
    private const int Least = 10_000;
    private const string Range = "/proc/sys/net/ipv4/ip_local_port_range";

    /// <summary>
    /// So many that are free, each another. They lie below those the system gives to outgoing connections (<c>ip(7)</c>, <c>ip_local_port_range</c>): else such a connection takes one before the
    /// server does, or while it is down.
    /// </summary>
    public static int[] Free(int count)
    {
        // Held together, so that none is given twice.
        List<TcpListener> held = [];
        try
        {
            var end = End();
            while (held.Count < count)
            {
                var listener = new TcpListener(IPAddress.Loopback, end > Least ? Random.Shared.Next(Least, end) : 0);
                try
                {
                    listener.Start();
                    held.Add(listener);
                }
                catch (SocketException)
                {
                    // Taken; another one.
                    listener.Dispose();
                }
            }

            return [.. held.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }
    }

    private static int End() => File.Exists(Range) && int.TryParse(File.ReadAllText(Range).Split('\t', ' ')[0], CultureInfo.InvariantCulture, out var first) ? first : 0;
}
