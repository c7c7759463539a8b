using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DrMesh.Silo.Mesh;

namespace DrMesh.Silo.Tests.Mesh;

/// <summary>Ports of servers are not those that an outgoing connection may take before the server does.</summary>
public sealed class LoopbackPortsTests
{
    [Fact]
    public void Free_Many_DifferFromEachOtherAndFromThoseOfOutgoingConnections()
    {
        var first = int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', ' ')[0], CultureInfo.InvariantCulture);

        var ports = LoopbackPorts.Free(50);

        ports.Distinct().Count().ShouldBe(50);
        ports.ShouldAllBe(port => port < first);
        var listeners = ports.Select(port => new TcpListener(IPAddress.Loopback, port)).ToList();
        listeners.ForEach(listener => listener.Start());
        listeners.ForEach(listener => listener.Dispose());
    }
}
