using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using DrMesh.Contracts.Estate;

namespace DrMesh.Engines.Dns.Hooks;

/// <summary>
/// One POST. With a secret it carries <c>DrMesh-Timestamp</c> (Unix seconds) and <c>DrMesh-Signature: sha256=HEX</c>, the HMAC-SHA256 of
/// <c>TIMESTAMP.BODY</c>: a receiver checks it and refuses old timestamps. <c>DrMesh-Id</c> is the same for every try of one call.
/// </summary>
internal static class WebhookTry
{
    private const int KeptCharacters = 200;

    public static async Task<HookOutcome> RunAsync(
        HttpClient http, WebhookDefinition webhook, string id, string body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("DrMesh-Id", id);
        try
        {
            if (webhook.SecretFile is { } file)
            {
                var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
                var key = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
                request.Headers.Add("DrMesh-Timestamp", timestamp);
                request.Headers.Add("DrMesh-Signature", "sha256=" + Sign(key, timestamp, body));
            }

            using var response = await http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            var words = $"HTTP status {(int)response.StatusCode}{(text.Length == 0 ? "" : ": " + text[..Math.Min(text.Length, KeptCharacters)].ReplaceLineEndings(" "))}";
            return response.IsSuccessStatusCode ? HookOutcome.Done(words, text)
                : IsWorthRepeating(response.StatusCode) ? HookOutcome.Failed(words)
                : HookOutcome.Final(words);
        }
        catch (HttpRequestException failed)
        {
            return HookOutcome.Failed(failed.Message);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return HookOutcome.Final($"its secret cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>The signature of a body, in lower-case hexadecimal.</summary>
    public static string Sign(string secret, string timestamp, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}")));

    // The other 4xx say that the request itself is wrong.
    private static bool IsWorthRepeating(HttpStatusCode status) =>
        status >= HttpStatusCode.InternalServerError || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (HttpStatusCode)425;
}
