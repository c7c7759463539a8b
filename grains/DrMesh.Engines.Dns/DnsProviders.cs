using System.Collections.Concurrent;
using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Traffic;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PowerDnsProvider = DrMesh.Engines.Dns.PowerDns.PowerDnsProvider;
using Rfc2136Provider = DrMesh.Engines.Dns.Rfc2136.Rfc2136Provider;
using Route53Provider = DrMesh.Engines.Dns.Route53.Route53Provider;

namespace DrMesh.Engines.Dns;

/// <summary>One provider for each definition in use, made anew when the definition or its secret's file changes.</summary>
internal sealed class DnsProviders(IOptions<DnsOptions> options, TimeProvider time, ILoggerFactory loggers) : IDnsProviders, IDisposable
{
    private readonly ConcurrentDictionary<string, (string Stamp, IDnsProvider Provider)> _byName = new();

    /// <inheritdoc/>
    public IDnsProvider Get(DnsProviderDefinition definition)
    {
        var stamp = Stamp(definition);
        // A provider that was replaced is not disposed: a switch in progress may still hold it, and its connections close when they idle.
        return _byName.AddOrUpdate(
            definition.Name,
            _ => (stamp, Create(definition)),
            (_, known) => known.Stamp == stamp ? known : (stamp, Create(definition))).Provider;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, provider) in _byName.Values)
        {
            (provider as IDisposable)?.Dispose();
        }
    }

    private IDnsProvider Create(DnsProviderDefinition definition) => definition switch
    {
        { Powerdns: { } powerDns } => new PowerDnsProvider(definition, powerDns, options.Value, loggers.CreateLogger<PowerDnsProvider>()),
        { Rfc2136: { } rfc2136 } => new Rfc2136Provider(definition, rfc2136, options.Value, time, loggers.CreateLogger<Rfc2136Provider>()),
        { Route53: { } route53 } => new Route53Provider(definition, route53, options.Value, time, loggers.CreateLogger<Route53Provider>()),
        _ => throw new DrMeshException(
            DrMeshError.DnsProviderUnusable,
            $"DNS provider {definition.Name} says neither route53 nor powerdns nor rfc2136",
            "correct it in the estate; drmesh estate validate names the line"),
    };

    private static string Stamp(DnsProviderDefinition definition)
    {
        var secret = definition.Powerdns?.ApiKeyFile ?? definition.Rfc2136?.SecretFile ?? definition.Route53?.Credentials?.SecretAccessKeyFile;
        return JsonSerializer.Serialize(definition) + (secret is null ? "" : File.GetLastWriteTimeUtc(secret).Ticks);
    }
}
