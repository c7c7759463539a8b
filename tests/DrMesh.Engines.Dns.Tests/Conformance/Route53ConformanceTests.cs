using DrMesh.Contracts.Traffic;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers.FakeRoute53;

namespace DrMesh.Engines.Dns.Tests.Conformance;

/// <summary>Against a fake; the real Route 53 was not run.</summary>
public sealed class Route53ConformanceTests
{
    public static TheoryData<string> Checks() => new(DnsProviderConformance.Checks);

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Provider(string check)
    {
        await using var fake = FakeRoute53Server.StartNew(Setup.Zone);
        using var secret = new SecretFile(FakeRoute53Server.SecretKey);
        var conformance = new DnsProviderConformance(
            Setup.Provider(Setup.Route53(fake.Url, FakeRoute53Server.AccessKey, secret.Path)),
            DnsName.Parse(Setup.Zone),
            set =>
            {
                fake.Remove(set.Name.Value, set.Type.ToString().ToUpperInvariant());
                return Task.CompletedTask;
            });

        await conformance.RunAsync(check, TestContext.Current.CancellationToken);
    }
}
