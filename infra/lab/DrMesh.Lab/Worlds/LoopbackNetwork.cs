using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace DrMesh.Lab.Worlds;

/// <summary>All of 127.0.0.0/8 is loopback, so each region of a world has an address of its own there.</summary>
internal static class LoopbackNetwork
{
    private const int UsualDatabasePort = 5432;

    // 53 would need root.
    private const int UsualNamePort = 5300;
    private const int UsualApiPort = 8081;

    /// <summary>A network that nobody uses now.</summary>
    public static WorldNetwork Choose(int regions)
    {
        while (true)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"127.{RandomNumberGenerator.GetInt32(20, 250)}.{RandomNumberGenerator.GetInt32(1, 250)}");
            var (databases, names) = (Enumerable.Range(1, regions).Select(number => $"{prefix}.{number}").ToArray(), $"{prefix}.53");
            // Another server that listens on every address takes the usual port everywhere.
            if (FreePort(databases, UsualDatabasePort) is { } database && FreePort([names], UsualNamePort) is { } name && FreePort([names], UsualApiPort) is { } api)
            {
                return new WorldNetwork { Prefix = prefix, Clients = "127.0.0.0/8", DatabasePort = database, NameAddress = names, NamePort = name, NameApiPort = api };
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
