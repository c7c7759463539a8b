using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Engines.Dns.PowerDns;

/// <summary>The two calls of the API that DrMesh makes.</summary>
internal sealed class PowerDnsApi : IDisposable
{
    private readonly string _provider;
    private readonly Contracts.Estate.PowerDnsProvider _settings;
    private readonly DnsOptions _options;
    private readonly HttpClient _http;

    public PowerDnsApi(string provider, Contracts.Estate.PowerDnsProvider settings, DnsOptions options)
    {
        _provider = provider;
        _settings = settings;
        _options = options;
        _http = new HttpClient(new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = options.CallTimeout,
            UseProxy = false,
        })
        {
            BaseAddress = new Uri(settings.Url),
            Timeout = options.CallTimeout,
        };
        _http.DefaultRequestHeaders.Add("X-API-Key", Secret.Read(provider, settings.ApiKeyFile));
    }

    /// <summary>Reads a zone.</summary>
    public async Task<PowerDnsZone> GetZoneAsync(DnsName zone, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(zone));
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw PowerDnsErrors.Of(_provider, _settings, zone, isChange: false, response.StatusCode, await ReadErrorAsync(response, cancellationToken));
            }

            return await response.Content.ReadFromJsonAsync<PowerDnsZone>(cancellationToken)
                ?? throw new JsonException("the answer is empty");
        }
        catch (Exception failed) when (PowerDnsErrors.IsTransport(failed, cancellationToken))
        {
            throw PowerDnsErrors.Unreachable(_provider, _settings, _options, failed);
        }
    }

    /// <summary>Changes a zone's record sets in one transaction.</summary>
    public async Task PatchAsync(DnsName zone, PowerDnsZone change, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, Path(zone)) { Content = JsonContent.Create(change) };
        // The API's server reads a body of a known length only.
        await request.Content.LoadIntoBufferAsync(cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw PowerDnsErrors.Of(_provider, _settings, zone, isChange: true, response.StatusCode, await ReadErrorAsync(response, cancellationToken));
            }
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw PowerDnsErrors.Unreachable(_provider, _settings, _options, refused);
        }
        catch (Exception failed) when (PowerDnsErrors.IsTransport(failed, cancellationToken))
        {
            throw DnsFaults.ChangeUnknown(_provider, zone, PowerDnsErrors.Words(failed, _options), failed);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private string Path(DnsName zone) => $"/api/v1/servers/{Uri.EscapeDataString(_settings.Server)}/zones/{Uri.EscapeDataString(zone.Value)}.";

    private static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            var error = JsonSerializer.Deserialize<PowerDnsError>(text);
            return string.Join("; ", new[] { error?.Error }.Concat(error?.Errors ?? []).Where(words => !string.IsNullOrWhiteSpace(words)))
                is { Length: > 0 } words ? words : Status(response.StatusCode);
        }
        catch (JsonException)
        {
            return text.Length is > 0 and <= 200 && !text.Contains('<', StringComparison.Ordinal) ? text.Trim() : Status(response.StatusCode);
        }
    }

    private static string Status(HttpStatusCode code) => $"HTTP status {(int)code} ({code})";
}
