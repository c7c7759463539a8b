using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Traffic;
using DrMesh.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrMesh.Engines.Dns.Tests;

/// <summary>Estate definitions of the test servers, and providers made from them as a silo makes them.</summary>
internal static class Setup
{
    public const string Zone = "example.org";

    public static DnsOptions Options { get; } = new()
    {
        CallTimeout = TimeSpan.FromSeconds(10),
        ConfirmWithin = TimeSpan.FromSeconds(30),
        ConfirmEvery = TimeSpan.FromMilliseconds(50),
    };

    public static IDnsProvider Provider(DnsProviderDefinition definition, DnsOptions? options = null) =>
        new DnsProviders(Microsoft.Extensions.Options.Options.Create(options ?? Options), TimeProvider.System, NullLoggerFactory.Instance).Get(definition);

    public static DnsProviderDefinition PowerDns(Uri url, string keyFile, params DnsServerProcess[] servers) => new()
    {
        Name = "main",
        Powerdns = new PowerDnsProvider { Url = url.ToString(), ApiKeyFile = keyFile },
        AuthoritativeServers = Addresses(servers),
    };

    public static DnsProviderDefinition Rfc2136(DnsServerProcess server, string secretFile, string keyName = TestTsigKey.Name) => new()
    {
        Name = "main",
        Rfc2136 = new Rfc2136Provider { Server = server.EndPoint.ToString(), KeyName = keyName, SecretFile = secretFile },
        AuthoritativeServers = Addresses(server),
    };

    public static DnsProviderDefinition Route53(Uri url, string accessKey, string secretFile) => new()
    {
        Name = "main",
        Route53 = new Route53Provider
        {
            Endpoint = url.ToString(),
            Credentials = new AwsCredentials { AccessKeyId = accessKey, SecretAccessKeyFile = secretFile },
        },
        AuthoritativeServers = ["127.0.0.1:53"],
    };

    private static ImmutableArray<string> Addresses(params DnsServerProcess[] servers) => [.. servers.Select(server => server.EndPoint.ToString())];
}
