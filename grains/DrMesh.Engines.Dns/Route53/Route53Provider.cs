using System.Collections.Concurrent;
using System.Globalization;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using DrMesh.Engines.Dns.Verification;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Dns.Route53;

/// <summary>
/// Amazon Route 53. A batch is atomic; deleting a set as it was read and creating the new one compares in the same step. Marks are TXT records
/// beside the name. Its record-changing API lives in one region of AWS: a service that must move while that region is down is in mode health.
/// </summary>
internal sealed class Route53Provider : IDnsProvider, IDisposable
{
    private const string ServiceUrl = "https://route53.amazonaws.com";
    private static readonly XNamespace Xml = Route53Records.Namespace;
    private readonly DnsProviderDefinition _definition;
    private readonly DnsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private readonly Route53Client _client;
    private readonly ConcurrentDictionary<DnsName, string> _zoneIds = new();

    public Route53Provider(
        DnsProviderDefinition definition, Contracts.Estate.Route53Provider settings, DnsOptions options, TimeProvider time, ILogger<Route53Provider> logger)
    {
        (_definition, _options, _time, _logger) = (definition, options, time, logger);
        var transport = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = options.CallTimeout };
        _http = new HttpClient(new SigningHandler(FindCredentials(definition.Name, settings), time, transport))
        {
            BaseAddress = new Uri(settings.Endpoint ?? ServiceUrl),
            Timeout = options.CallTimeout,
        };
        _client = new Route53Client(definition.Name, _http, options, time);
    }

    /// <inheritdoc/>
    public string Name => _definition.Name;

    /// <inheritdoc/>
    public ProviderTraits Traits { get; } = new()
    {
        ChangesAtomically = true,
        ComparesBeforeChange = true,
        ConfirmsPropagation = true,
        Routing = [DnsRouting.Simple, DnsRouting.Weighted, DnsRouting.Failover, DnsRouting.Latency],
        HasHealthChecks = true,
    };

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordSet>> ReadAsync(DnsName zone, DnsName name, CancellationToken cancellationToken) => InZoneAsync(zone, async id =>
    {
        var sets = new List<RecordSet>();
        await foreach (var element in ListAsync(id, zone, name, "A", cancellationToken))
        {
            if (Route53Records.Read(element, out var unmanaged) is not { } set)
            {
                continue;
            }

            sets.Add(unmanaged is null ? set : throw DnsFaults.Refused(
                Name, $"let DrMesh manage {name}", $"a record set of it has {unmanaged}", "give the service another name, or replace that record set by a plain one"));
        }

        return await WithMarksAsync(id, zone, name, sets, cancellationToken);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeReceipt> ChangeAsync(ZoneChange change, CancellationToken cancellationToken) => InZoneAsync(change.Zone, async id =>
    {
        var batch = Route53Records.WriteBatch(change, change.Changes[0].After?.Owner?.ToString() ?? "drmesh");
        var answer = await _client.PostAsync($"/hostedzone/{id}/rrset/", batch, change.Zone, cancellationToken);
        var receipt = new ChangeReceipt(change.Zone, Last(answer.Descendants(Xml + "Id").First().Value));
        _logger.Changed(Name, change.Zone, change.Changes.Count, receipt.Id);
        return receipt;
    }, cancellationToken);

    /// <inheritdoc/>
    public async Task ConfirmAsync(ChangeReceipt receipt, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var answer = await _client.GetAsync($"/change/{receipt.Id}", receipt.Zone, cancellationToken);
            var status = answer.Descendants(Xml + "Status").FirstOrDefault()?.Value ?? "nothing";
            if (status == "INSYNC")
            {
                return;
            }

            if (_time.GetElapsedTime(started) >= _options.ConfirmWithin)
            {
                throw DnsFaults.NotConfirmed(Name, receipt.Zone, _options.ConfirmWithin, $"change {receipt.Id} is {status}");
            }

            await Task.Delay(_options.ConfirmEvery, _time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuthoritativeServer>> ListServersAsync(DnsName zone, CancellationToken cancellationToken) =>
        _definition.AuthoritativeServers.Length > 0
            ? ZoneServers.FindAsync(Name, zone, _definition.AuthoritativeServers, cancellationToken)
            : InZoneAsync(zone, async id =>
            {
                var answer = await _client.GetAsync($"/hostedzone/{id}", zone, cancellationToken);
                return await ZoneServers.FindAsync(
                    Name, zone, [.. answer.Descendants(Xml + "NameServer").Select(server => server.Value)], cancellationToken);
            }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<RecordSet>> WithMarksAsync(
        string id, DnsName zone, DnsName name, List<RecordSet> sets, CancellationToken cancellationToken)
    {
        Dictionary<RecordType, OwnerMark?> marks = [];
        foreach (var type in sets.Select(set => set.Type).Distinct())
        {
            List<string> texts = [];
            await foreach (var element in ListAsync(id, zone, MarkCarrier.For(name, type), "TXT", cancellationToken))
            {
                texts.AddRange(Route53Records.Read(element, out _)?.Values ?? []);
            }

            marks[type] = MarkCarrier.Read(texts);
        }

        return [.. sets.Select(set => set with { Owner = marks[set.Type] })];
    }

    /// <summary>The record sets of one name from one type on; the service lists a zone in its own order and from a starting point only.</summary>
    private async IAsyncEnumerable<XElement> ListAsync(
        string id, DnsName zone, DnsName name, string fromType, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = $"name={Uri.EscapeDataString(name.Value + ".")}&type={fromType}";
        while (true)
        {
            var page = await _client.GetAsync($"/hostedzone/{id}/rrset?maxitems=100&{query}", zone, cancellationToken);
            foreach (var element in page.Descendants(Xml + "ResourceRecordSet"))
            {
                if (!Route53Records.TryReadName(element.Element(Xml + "Name")?.Value, out var found) || found != name)
                {
                    yield break;
                }

                yield return element;
            }

            if (page.Element(Xml + "IsTruncated")?.Value != "true")
            {
                yield break;
            }

            query = string.Join('&', new[] { ("name", "NextRecordName"), ("type", "NextRecordType"), ("identifier", "NextRecordIdentifier") }
                .Where(pair => page.Element(Xml + pair.Item2) is not null)
                .Select(pair => $"{pair.Item1}={Uri.EscapeDataString(page.Element(Xml + pair.Item2)!.Value)}"));
        }
    }

    private async Task<T> InZoneAsync<T>(DnsName zone, Func<string, Task<T>> act, CancellationToken cancellationToken)
    {
        if (!_zoneIds.TryGetValue(zone, out var id))
        {
            id = await FindZoneAsync(zone, cancellationToken);
            _zoneIds[zone] = id;
        }

        try
        {
            return await act(id);
        }
        catch (DrMeshException gone) when (gone.Code == DrMeshError.DnsZoneUnknown)
        {
            // The zone may have been made anew under another id; the next call looks for it.
            _zoneIds.TryRemove(zone, out _);
            throw;
        }
    }

    private async Task<string> FindZoneAsync(DnsName zone, CancellationToken cancellationToken)
    {
        var page = await _client.GetAsync($"/hostedzonesbyname?dnsname={Uri.EscapeDataString(zone.Value)}&maxitems=100", zone, cancellationToken);
        var ids = page.Descendants(Xml + "HostedZone")
            .Where(found => Route53Records.TryReadName(found.Element(Xml + "Name")?.Value, out var name) && name == zone)
            .Where(found => found.Element(Xml + "Config")?.Element(Xml + "PrivateZone")?.Value != "true")
            .Select(found => Last(found.Element(Xml + "Id")!.Value))
            .ToList();
        return ids.Count switch
        {
            1 => ids[0],
            0 => throw DnsFaults.ZoneUnknown(Name, zone, "no public hosted zone of this account has that name"),
            _ => throw DnsFaults.ZoneUnknown(Name, zone, string.Create(CultureInfo.InvariantCulture, $"{ids.Count} public hosted zones have that name ({string.Join(", ", ids)}), so none is chosen")),
        };
    }

    private static AWSCredentials FindCredentials(string provider, Contracts.Estate.Route53Provider settings)
    {
        if (settings.Credentials is { } given)
        {
            return new BasicAWSCredentials(given.AccessKeyId, Secret.Read(provider, given.SecretAccessKeyFile));
        }

        // Without this, looking for the machine's role would probe an address that only AWS answers, and hang elsewhere.
        return settings.Endpoint is null
            ? DefaultAWSCredentialsIdentityResolver.GetCredentials()
            : throw new DrMeshException(
                DrMeshError.DnsProviderUnusable,
                $"DNS provider {provider} has an endpoint of its own ({settings.Endpoint}) and no credentials",
                "give it credentials in the estate");
    }

    private static string Last(string id) => id[(id.LastIndexOf('/') + 1)..];
}
