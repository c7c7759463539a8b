using System.Net;
using System.Xml.Linq;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Engines.Dns.Route53;

/// <summary>What the service said went wrong.</summary>
internal sealed record Route53Error(string Code, string Words);

/// <summary>Turns the service's answers into the faults of the port.</summary>
internal static class Route53Errors
{
    private const string InvalidChangeBatch = "InvalidChangeBatch";

    /// <summary>Reads the common form (<c>ErrorResponse/Error</c>) and the one of a refused batch (<c>InvalidChangeBatch/Messages</c>).</summary>
    public static Route53Error Read(HttpStatusCode status, XElement? answer)
    {
        if (answer is null)
        {
            return new Route53Error("", $"HTTP status {(int)status} ({status})");
        }

        var messages = answer.Descendants().Where(element => element.Name.LocalName == "Message").Select(element => element.Value.Trim()).ToList();
        var code = answer.Name.LocalName == InvalidChangeBatch
            ? InvalidChangeBatch
            : answer.Descendants().FirstOrDefault(element => element.Name.LocalName == "Code")?.Value ?? "";
        return new Route53Error(code, string.Join(": ", new[] { code, string.Join("; ", messages) }.Where(words => words.Length > 0)));
    }

    /// <summary>Whether the service says that it did nothing and may be asked again.</summary>
    public static bool WasNotActedOn(string code) => code is "Throttling" or "ThrottlingException" or "PriorRequestNotComplete";

    public static DrMeshException Of(string provider, string where, DnsName? zone, bool isChange, HttpStatusCode status, Route53Error error)
    {
        var action = $"{(isChange ? "change" : "read")} {(zone is { } name ? $"zone {name}" : "its zones")}";
        return error.Code switch
        {
            "NoSuchHostedZone" when zone is { } missing => DnsFaults.ZoneUnknown(provider, missing, error.Words),
            InvalidChangeBatch when zone is { } changed && IsComparison(error.Words) => DnsFaults.Conflict(provider, changed, error.Words),
            "AccessDenied" or "AccessDeniedException" or "InvalidClientTokenId" or "SignatureDoesNotMatch" or "ExpiredToken" or "MissingAuthenticationToken" => DnsFaults.Refused(
                provider, action, error.Words, "see that the credentials are right, the clock too, and that the role allows it (infra/docs/traffic.md has the policy)"),
            _ when WasNotActedOn(error.Code) => DnsFaults.Unreachable(provider, where, error.Words),
            _ when status >= HttpStatusCode.InternalServerError && isChange => DnsFaults.ChangeUnknown(provider, zone!.Value, error.Words),
            _ when status >= HttpStatusCode.InternalServerError => DnsFaults.Unreachable(provider, where, error.Words),
            _ => DnsFaults.Refused(provider, action, error.Words, "correct what it names, in the estate or at the provider"),
        };
    }

    private static bool IsComparison(string words) =>
        words.Contains("already exists", StringComparison.Ordinal) || words.Contains("not found", StringComparison.Ordinal)
        || words.Contains("do not match", StringComparison.Ordinal);
}
