using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Engines.Dns.Route53;

/// <summary>
/// The calls of the Route 53 API (version 2013-04-01, XML) that DrMesh makes. A request the service did not act on (throttled, or an earlier change
/// of the zone is not complete) is repeated with growing pauses and jitter; one that may have been acted on is not.
/// </summary>
internal sealed class Route53Client(string provider, HttpClient http, DnsOptions options, TimeProvider time)
{
    private const string Version = "/2013-04-01";
    private const int MostAttempts = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Reads.</summary>
    public Task<XElement> GetAsync(string path, DnsName? zone, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, zone, cancellationToken);

    /// <summary>Changes record sets in one atomic batch.</summary>
    public Task<XElement> PostAsync(string path, XElement body, DnsName zone, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, zone, cancellationToken);

    private async Task<XElement> SendAsync(HttpMethod method, string path, XElement? body, DnsName? zone, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var (status, answer) = await TryAsync(method, path, body, zone, cancellationToken);
            if (status is HttpStatusCode.OK or HttpStatusCode.Created)
            {
                const string words = "its answer holds no XML";
                return answer ?? throw (body is null ? DnsFaults.Unreachable(provider, Where, words) : DnsFaults.ChangeUnknown(provider, zone!.Value, words));
            }

            var error = Route53Errors.Read(status, answer);
            var mayRepeat = Route53Errors.WasNotActedOn(error.Code) || (body is null && status >= HttpStatusCode.InternalServerError);
            if (!mayRepeat || attempt == MostAttempts)
            {
                throw Route53Errors.Of(provider, Where, zone, isChange: body is not null, status, error);
            }

            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private async Task<(HttpStatusCode Status, XElement? Answer)> TryAsync(
        HttpMethod method, string path, XElement? body, DnsName? zone, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Version + path);
        if (body is not null)
        {
            request.Content = new StringContent(new XDeclaration("1.0", "UTF-8", null) + body.ToString(SaveOptions.DisableFormatting), Encoding.UTF8, "application/xml");
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return (response.StatusCode, Parse(text));
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            throw DnsFaults.Unreachable(provider, Where, refused.Message, refused);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Interrupted(failed, body is not null ? zone : null);
        }
    }

    private string Where => http.BaseAddress!.ToString().TrimEnd('/');

    private DrMeshException Interrupted(Exception failed, DnsName? changedZone)
    {
        var words = failed is OperationCanceledException ? $"no answer within {options.CallTimeout.TotalSeconds:0.#} s" : failed.Message;
        return changedZone is { } zone ? DnsFaults.ChangeUnknown(provider, zone, words, failed) : DnsFaults.Unreachable(provider, Where, words, failed);
    }

    private static XElement? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : XElement.Parse(text);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
