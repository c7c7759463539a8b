using DrMesh.Contracts.Traffic;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.Dns.Tests.Conformance;

public sealed class PowerDnsConformanceTests(PowerDnsConformanceTests.OneServer one) : IClassFixture<PowerDnsConformanceTests.OneServer>
{
    public static TheoryData<string> Checks() => new(DnsProviderConformance.Checks);

    [Theory]
    [MemberData(nameof(Checks))]
    public Task Provider(string check) => new DnsProviderConformance(
        Setup.Provider(Setup.PowerDns(one.Server.ApiUrl, one.Key.Path, one.Server)),
        DnsName.Parse(Setup.Zone),
        set => DnsUpdateTool.RunAsync(one.Server, Setup.Zone, $"update delete {set.Name}. {set.Type}"))
        .RunAsync(check, TestContext.Current.CancellationToken);

    public sealed class OneServer : IAsyncLifetime
    {
        internal SecretFile Key { get; } = new(PowerDnsServer.ApiKey);

        public PowerDnsServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await PowerDnsServer.StartNewAsync(Setup.Zone);

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            Key.Dispose();
        }
    }
}
