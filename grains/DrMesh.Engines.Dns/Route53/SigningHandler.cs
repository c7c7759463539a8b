using System.Globalization;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace DrMesh.Engines.Dns.Route53;

/// <summary>
/// Signs each request with AWS Signature Version 4 for Route 53, whose one endpoint is signed for <c>us-east-1</c>
/// (IAM user guide, "Create a signed AWS API request").
/// </summary>
internal sealed class SigningHandler(AWSCredentials credentials, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Region = "us-east-1";
    private const string Service = "route53";

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var keys = await credentials.GetCredentialsAsync().WaitAsync(cancellationToken);
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        var signedAt = time.GetUtcNow().UtcDateTime;
        SortedDictionary<string, string> headers = new(StringComparer.Ordinal)
        {
            ["host"] = request.RequestUri!.IsDefaultPort ? request.RequestUri.Host : request.RequestUri.Authority,
            ["x-amz-date"] = signedAt.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
        };
        if (keys.UseToken)
        {
            headers["x-amz-security-token"] = keys.Token;
        }

        var signedHeaders = string.Join(';', headers.Keys);
        var canonical = string.Join('\n',
        [
            request.Method.Method,
            request.RequestUri.AbsolutePath,
            CanonicalQuery(request.RequestUri),
            .. headers.Select(header => $"{header.Key}:{header.Value}"),
            "",
            signedHeaders,
            Convert.ToHexStringLower(SHA256.HashData(body)),
        ]);
        var signature = AWS4Signer.ComputeSignature(keys, Region, signedAt, Service, signedHeaders, canonical);
        foreach (var (name, value) in headers.Where(header => header.Key != "host"))
        {
            request.Headers.Remove(name);
            request.Headers.Add(name, value);
        }

        request.Headers.Remove("Authorization");
        request.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
        return await base.SendAsync(request, cancellationToken);
    }

    private static string CanonicalQuery(Uri uri) => string.Join('&', uri.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Name: Reencode(pair[0]), Value: pair.Length == 2 ? Reencode(pair[1]) : ""))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Reencode(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));
}
