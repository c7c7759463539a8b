using DrMesh.Contracts.Traffic;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.Dns.Tests.Conformance;

/// <summary>The same provider on three servers, each started once.</summary>
public sealed class Rfc2136ConformanceTests(Rfc2136ConformanceTests.ThreeServers servers) : IClassFixture<Rfc2136ConformanceTests.ThreeServers>
{
    public static TheoryData<string, string> Checks()
    {
        var data = new TheoryData<string, string>();
        foreach (var server in new[] { "bind", "knot", "pdns" })
        {
            foreach (var check in DnsProviderConformance.Checks)
            {
                data.Add(server, check);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public Task Provider(string server, string check) => new DnsProviderConformance(
        Setup.Provider(Setup.Rfc2136(servers.Get(server), servers.Key.Path)),
        DnsName.Parse(Setup.Zone),
        set => DnsUpdateTool.RunAsync(servers.Get(server), Setup.Zone, $"update delete {set.Name}. {set.Type}"))
        .RunAsync(check, TestContext.Current.CancellationToken);

    public sealed class ThreeServers : IAsyncLifetime
    {
        private readonly Dictionary<string, DnsServerProcess> _servers = [];

        internal SecretFile Key { get; } = new(TestTsigKey.Secret);

        public DnsServerProcess Get(string name) => _servers[name];

        public async ValueTask InitializeAsync()
        {
            _servers["bind"] = await BindServer.StartNewAsync(Setup.Zone);
            _servers["knot"] = await KnotServer.StartNewAsync(Setup.Zone);
            _servers["pdns"] = await PowerDnsServer.StartNewAsync(Setup.Zone);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var server in _servers.Values)
            {
                await server.DisposeAsync();
            }

            Key.Dispose();
        }
    }
}
