using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace DrMesh.Lab.Worlds;

/// <summary>
/// A world's addresses: all of 127.0.0.0/8 is loopback, so each region has an address of its own and every region's database the same port, as in production. A DNS
/// answer is then enough to find one.
/// </summary>
/// <param name="Prefix">The network's first three bytes, such as <c>127.31.7</c>.</param>
internal sealed record LoopbackNetwork(string Prefix)
{
    private const int UsualDatabasePort = 5432;

    /// <summary>The port of every database.</summary>
    public int DatabasePort { get; private init; }

    /// <summary>The name server's port; 53 would need root.</summary>
    public int NamePort { get; private init; }

    /// <summary>The port of its HTTP interface.</summary>
    public int NameApiPort { get; private init; }

    /// <summary>The name server's address.</summary>
    public string NameAddress => $"{Prefix}.53";

    /// <summary>A region's address, by its number from 1.</summary>
    public string RegionAddress(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}.{number}");

    /// <summary>One that nobody uses now.</summary>
    public static LoopbackNetwork Choose(int regions)
    {
        while (true)
        {
            var network = new LoopbackNetwork(string.Create(CultureInfo.InvariantCulture, $"127.{RandomNumberGenerator.GetInt32(20, 250)}.{RandomNumberGenerator.GetInt32(1, 250)}"));
            var databases = Enumerable.Range(1, regions).Select(network.RegionAddress).ToArray();
            // Another server that listens on every address takes the usual port everywhere.
            if (FreePort(databases, UsualDatabasePort) is { } database && FreePort([network.NameAddress], 5300) is { } name && FreePort([network.NameAddress], 8081) is { } api)
            {
                return network with { DatabasePort = database, NamePort = name, NameApiPort = api };
            }
        }
    }

    /// <summary>The first port from <paramref name="first"/> on that is free on every address; null: none of the next hundred is.</summary>
    public static int? FreePort(IReadOnlyList<string> addresses, int first) =>
        Enumerable.Range(first, 100).Where(port => addresses.All(address => IsFree(IPAddress.Parse(address), port))).Select(port => (int?)port).FirstOrDefault();

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var datagrams = new UdpClient(new IPEndPoint(address, port));
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
