using System.Globalization;
using DrMesh.TestKit.Servers;

namespace DrMesh.TestKit.Mesh;

/// <summary>The estate of a mesh <c>east</c> with one silo: one PostgreSQL server as cluster <c>orders</c>, backed up into an encrypted repository of a test's own folder.</summary>
public static class OneServerEstate
{
    /// <summary>The estate's text.</summary>
    /// <param name="place">The folder with the file <c>key</c>; the repository is made in it.</param>
    /// <param name="server">The server.</param>
    /// <param name="more">Further clusters, indented by two, then further sections.</param>
    public static string Text(string place, PostgresServer server, string more = "") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        regions:
          east:
            nodes:
              node-1: { address: 127.0.0.1 }
        policies:
          standard:
            backup: { repositories: [hot] }
        repositories:
          hot:
            tier: hot
            local: { node: east/node-1, directory: {{place}}/repository }
            encryption: { keyFile: {{place}}/key }
        clusters:
          orders:
            engine: postgresql
            policy: standard
            primaryRegion: east
            durability: { mode: async }
            tls: disable
            controlUser: { name: postgres }
            replicationUser: { name: postgres }
            members:
              orders-1: { node: east/node-1, port: {{server.Port}}, dataDirectory: {{server.DataDirectory}} }
        {{more}}
        """);
}
