using ARSoft.Tools.Net.Dns;
using ARSoft.Tools.Net.Dns.DynamicUpdate;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Engines.Dns.Rfc2136;

/// <summary>Turns a server's return codes (RFC 2136 section 2.2, RFC 8945 section 5.2) into the faults of the port.</summary>
internal static class Rfc2136Errors
{
    public static DrMeshException Of(string provider, Contracts.Estate.Rfc2136Provider settings, ZoneChange change, DnsUpdateMessage answer)
    {
        var words = answer.TSigOptions is { Error: not ReturnCode.NoError } signature
            ? $"{Text(answer.ReturnCode)}, {Text(signature.Error)}"
            : Text(answer.ReturnCode);
        return answer.ReturnCode switch
        {
            ReturnCode.NXRRSet or ReturnCode.YXRRSet or ReturnCode.NxDomain or ReturnCode.YXDomain =>
                DnsFaults.Conflict(provider, change.Changes[0].Subject.Name, $"the server answers {words} to the comparison"),
            ReturnCode.NotZone => DnsFaults.ZoneUnknown(provider, change.Zone, words),
            ReturnCode.NotAuthoritive or ReturnCode.Refused or ReturnCode.BadSig or ReturnCode.BadKey or ReturnCode.BadTime => DnsFaults.Refused(
                provider,
                $"change zone {change.Zone}",
                words,
                $"see that {settings.Server} holds the zone as its primary and lets key {settings.KeyName} with the secret of {settings.SecretFile} update it, and that both clocks agree"),
            ReturnCode.ServerFailure => DnsFaults.ChangeUnknown(provider, change.Zone, words),
            _ => DnsFaults.Refused(provider, $"change zone {change.Zone}", words, $"look into the log of {settings.Server}"),
        };
    }

    public static DrMeshException OfQuery(string provider, Contracts.Estate.Rfc2136Provider settings, DnsName zone, string words) =>
        words.Contains("authority", StringComparison.Ordinal) || words.Contains("Refused", StringComparison.OrdinalIgnoreCase)
            ? DnsFaults.ZoneUnknown(provider, zone, words)
            : DnsFaults.Unreachable(provider, settings.Server, words);

    // The library's names are those of the standard, in its own capitals.
    private static string Text(ReturnCode code) => code switch
    {
        ReturnCode.NotAuthoritive => "NOTAUTH",
        ReturnCode.BadSig => "BADSIG",
        _ => code.ToString().ToUpperInvariant(),
    };
}
