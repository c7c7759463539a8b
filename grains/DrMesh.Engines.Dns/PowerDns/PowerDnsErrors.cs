using System.Net;
using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Engines.Dns.PowerDns;

/// <summary>Turns the API's answers into the faults of the port.</summary>
internal static class PowerDnsErrors
{
    public static DrMeshException Of(string provider, Contracts.Estate.PowerDnsProvider settings, DnsName zone, bool isChange, HttpStatusCode status, string words)
    {
        var action = $"{(isChange ? "change" : "read")} zone {zone}";
        return status switch
        {
            HttpStatusCode.NotFound => DnsFaults.ZoneUnknown(provider, zone, words),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                DnsFaults.Refused(provider, action, words, $"see that {settings.ApiKeyFile} holds the server's api-key"),
            >= HttpStatusCode.InternalServerError when isChange => DnsFaults.ChangeUnknown(provider, zone, words),
            >= HttpStatusCode.InternalServerError => DnsFaults.Unreachable(provider, settings.Url, words),
            _ => DnsFaults.Refused(provider, action, words, "correct what it names, in the estate or at the provider"),
        };
    }

    public static DrMeshException Unreachable(string provider, Contracts.Estate.PowerDnsProvider settings, DnsOptions options, Exception failed) =>
        DnsFaults.Unreachable(provider, settings.Url, Words(failed, options), failed);

    public static bool IsTransport(Exception failed, CancellationToken cancellationToken) =>
        failed is HttpRequestException or IOException or JsonException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    public static string Words(Exception failed, DnsOptions options) =>
        failed is OperationCanceledException ? $"no answer within {options.CallTimeout.TotalSeconds:0.#} s" : failed.Message;
}
