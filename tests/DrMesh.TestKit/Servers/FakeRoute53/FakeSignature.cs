using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace DrMesh.TestKit.Servers.FakeRoute53;

/// <summary>Verifies Signature Version 4 by the public description of the algorithm, independently of the library the client signs with.</summary>
internal static partial class FakeSignature
{
    private static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(15);

    public static FakeAnswer? Check(HttpListenerRequest request, string body)
    {
        if (Header().Match(request.Headers["Authorization"] ?? "") is not { Success: true } header)
        {
            return FakeAnswer.Error(403, "MissingAuthenticationToken", "Missing Authentication Token");
        }

        if (header.Groups["key"].Value != FakeRoute53Server.AccessKey)
        {
            return FakeAnswer.Error(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
        }

        var stamp = request.Headers["x-amz-date"] ?? "";
        var signedAt = DateTimeOffset.ParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var scope = $"{header.Groups["date"].Value}/us-east-1/route53/aws4_request";
        var isRight = header.Groups["scope"].Value == "us-east-1/route53/aws4_request"
            && (TimeProvider.System.GetUtcNow() - signedAt).Duration() < LargestSkew
            && Sign(header, scope, stamp, Canonical(request, header, body)) == header.Groups["signature"].Value;
        return isRight ? null : FakeAnswer.Error(
            403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.");
    }

    private static string Canonical(HttpListenerRequest request, Match header, string body)
    {
        var names = header.Groups["headers"].Value.Split(';');
        var query = request.Url!.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal);
        return string.Join('\n',
            request.HttpMethod,
            request.Url.AbsolutePath,
            string.Join('&', query),
            string.Concat(names.Select(name => $"{name}:{request.Headers[name]}\n")),
            header.Groups["headers"].Value,
            Hash(body));
    }

    private static string Sign(Match header, string scope, string stamp, string canonical)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + FakeRoute53Server.SecretKey);
        foreach (var part in new[] { header.Groups["date"].Value, "us-east-1", "route53", "aws4_request" })
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hash(canonical)}")));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<date>[0-9]{8})/(?<scope>[^,]+), ?SignedHeaders=(?<headers>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Header();
}
