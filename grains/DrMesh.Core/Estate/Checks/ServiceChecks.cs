using System.Net;
using System.Net.Sockets;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Estate.Schema;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Estate.Checks;

/// <summary>A service's names can be served by its provider, answer something usable in every region, and move with an application.</summary>
internal static class ServiceChecks
{
    private static readonly TimeSpan LongestQuickTtl = TimeSpan.FromSeconds(60);

    public static void Run(CheckContext context)
    {
        var taken = new Dictionary<(string, DnsRecordType), string>();
        foreach (var service in context.InFileOrder(context.Estate.Services, service => $"services.{service.Name}"))
        {
            var path = $"services.{service.Name}";
            CheckNames(context, service, path, taken);
            CheckTtl(context, service, path);
            CheckProvider(context, service, path);
            CheckValues(context, service, path);
            CheckRegions(context, service, path);
        }
    }

    private static void CheckNames(CheckContext context, ServiceDefinition service, string path, Dictionary<(string, DnsRecordType), string> taken)
    {
        foreach (var (index, name) in service.Names.Index())
        {
            var namePath = $"{path}.names[{index}]";
            var isTop = name.Equals(service.Zone, StringComparison.OrdinalIgnoreCase);
            if (!isTop && !name.EndsWith($".{service.Zone}", StringComparison.OrdinalIgnoreCase))
            {
                context.Findings.Error(namePath, $"\"{name}\" is not in zone {service.Zone}", $"{path}.zone");
            }
            else if (isTop && service.Record == DnsRecordType.Cname)
            {
                context.Findings.Error(namePath, $"\"{name}\" is the top of its zone, where a CNAME cannot stand; use A or AAAA", $"{path}.zone", $"{path}.record");
            }

            if (!taken.TryAdd((name.ToLowerInvariant(), service.Record), namePath))
            {
                var first = taken[(name.ToLowerInvariant(), service.Record)];
                context.Findings.Error(namePath, $"\"{name}\" is already a name of {first} (line {context.Findings.PlaceOf(first).Line})", first);
            }
        }
    }

    private static void CheckTtl(CheckContext context, ServiceDefinition service, string path)
    {
        if (service.Ttl.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            context.Findings.Error($"{path}.ttl", $"{DurationText.Format(service.Ttl)} is not whole seconds, which DNS counts in");
        }
        else if (service.Ttl > LongestQuickTtl)
        {
            context.Findings.Warning($"{path}.ttl", $"{DurationText.Format(service.Ttl)} is above 60s: that long after a failover clients may still go to the lost region");
        }
    }

    private static void CheckProvider(CheckContext context, ServiceDefinition service, string path)
    {
        if (context.Estate.DnsProviders.FirstOrDefault(provider => provider.Name == service.Provider) is not { } provider)
        {
            return;
        }

        var related = $"dnsProviders.{provider.Name}";
        if (service.Routing != DnsRouting.Simple && provider.Route53 is null)
        {
            context.Findings.Error($"{path}.routing", $"routing other than simple needs Route 53; provider \"{provider.Name}\" is another", related);
        }

        if (service.Mode == TrafficMode.Health && provider.Rfc2136 is not null)
        {
            context.Findings.Error($"{path}.mode", $"mode: health needs a provider with health checks; \"{provider.Name}\" only takes dynamic updates", related);
        }
    }

    private static void CheckValues(CheckContext context, ServiceDefinition service, string path)
    {
        foreach (var answer in service.Answers)
        {
            var valuesPath = $"{path}.answers.{answer.Region}.values";
            foreach (var (index, value) in answer.Values.Index())
            {
                if (Refusal(service.Record, value) is { } refusal)
                {
                    context.Findings.Error($"{valuesPath}[{index}]", refusal, $"{path}.record");
                }
            }

            if (service.Record == DnsRecordType.Cname && answer.Values.Length > 1)
            {
                context.Findings.Error(valuesPath, $"a CNAME answers one name, found {answer.Values.Length}", $"{path}.record");
            }
        }
    }

    private static string? Refusal(DnsRecordType record, string value) => record switch
    {
        DnsRecordType.A when !IsAddress(value, AddressFamily.InterNetwork) => $"\"{value}\" is not an IPv4 address, which an A record needs",
        DnsRecordType.Aaaa when !IsAddress(value, AddressFamily.InterNetworkV6) => $"\"{value}\" is not an IPv6 address, which an AAAA record needs",
        DnsRecordType.Cname when TextFormat.Of(ValueFormat.DnsName).Check(value) is { } problem => $"{problem}; a CNAME needs a full DNS name",
        _ => null,
    };

    // "10" and "10.1" parse as addresses too; four numbers are asked for.
    private static bool IsAddress(string value, AddressFamily family) =>
        IPAddress.TryParse(value, out var address) && address.AddressFamily == family && (family == AddressFamily.InterNetworkV6 || value.Count(letter => letter == '.') == 3);

    private static void CheckRegions(CheckContext context, ServiceDefinition service, string path)
    {
        if (ClusterOf(context, service) is not { } cluster)
        {
            return;
        }

        var answered = service.Answers.Select(answer => answer.Region).ToHashSet();
        string[] related = [$"{path}.answers", $"{path}.cluster", $"clusters.{cluster.Name}.primaryRegion"];
        if (!answered.Contains(cluster.PrimaryRegion))
        {
            context.Findings.Error($"{path}.answers", $"there is no answer for {cluster.PrimaryRegion}, the primary region of cluster \"{cluster.Name}\"", related);
        }

        foreach (var region in OtherRegions(cluster).Where(region => !answered.Contains(region)))
        {
            context.Findings.Warning($"{path}.answers", $"there is no answer for {region}, so the names cannot follow cluster \"{cluster.Name}\" there", related);
        }
    }

    private static ClusterDefinition? ClusterOf(CheckContext context, ServiceDefinition service) =>
        context.Estate.ClusterOf(service) is { } name ? context.Cluster(name) : null;

    private static IEnumerable<RegionId> OtherRegions(ClusterDefinition cluster) =>
        CheckContext.MembersOf(cluster).Where(member => member.IsPromotable && member.Node.Region != cluster.PrimaryRegion && member.Node.Region.Value.Length > 0)
            .Select(member => member.Node.Region).Distinct().OrderBy(region => region.Value, StringComparer.Ordinal);
}
