using DnsClient;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Engines.Dns.Verification;

/// <summary>Finds the servers that answer for a zone.</summary>
internal static class ZoneServers
{
    /// <summary>The configured servers, else all addresses of all servers the zone's NS records name, by this machine's resolver.</summary>
    public static async Task<IReadOnlyList<AuthoritativeServer>> FindAsync(
        string provider, DnsName zone, IReadOnlyList<string> configured, CancellationToken cancellationToken)
    {
        List<AuthoritativeServer> servers = [];
        if (configured.Count > 0)
        {
            foreach (var text in configured)
            {
                servers.AddRange((await EndPoints.ResolveAsync(text, cancellationToken)).Select(endPoint => new AuthoritativeServer(text, endPoint)));
            }

            return servers;
        }

        try
        {
            var resolver = new LookupClient(new LookupClientOptions { UseCache = false, ThrowDnsErrors = false });
            var answer = await resolver.QueryAsync(zone.Value, QueryType.NS, cancellationToken: cancellationToken);
            foreach (var name in answer.Answers.NsRecords().Select(record => record.NSDName.Value.TrimEnd('.')).Distinct())
            {
                servers.AddRange((await EndPoints.ResolveAsync(name, cancellationToken)).Select(endPoint => new AuthoritativeServer(name, endPoint)));
            }
        }
        catch (Exception failed) when (failed is DnsResponseException or System.Net.Sockets.SocketException)
        {
            throw NoneFound(provider, zone, failed.Message, failed);
        }

        return servers.Count > 0 ? servers : throw NoneFound(provider, zone, "its NS records name nobody", null);
    }

    private static DrMeshException NoneFound(string provider, DnsName zone, string words, Exception? inner) => new(
        DrMeshError.DnsProviderUnreachable,
        $"the authoritative servers of zone {zone} could not be found by this machine's resolver: {words}",
        $"list them as authoritativeServers of {provider} in the estate",
        inner);
}
