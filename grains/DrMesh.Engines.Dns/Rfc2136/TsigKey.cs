using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;

namespace DrMesh.Engines.Dns.Rfc2136;

/// <summary>The key that signs updates (TSIG, RFC 8945).</summary>
internal sealed class TsigKey
{
    /// <summary>How far the two machines' clocks may be apart (RFC 8945 section 10 recommends 300 s).</summary>
    private static readonly TimeSpan Fudge = TimeSpan.FromMinutes(5);

    private readonly DomainName _name;
    private readonly TSigAlgorithm _algorithm;
    private readonly byte[] _secret;

    private TsigKey(DomainName name, TSigAlgorithm algorithm, byte[] secret)
    {
        _name = name;
        _algorithm = algorithm;
        _secret = secret;
    }

    /// <summary>Reads the key the estate names.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.DnsProviderUnusable"/>.</exception>
    public static TsigKey Read(string provider, Contracts.Estate.Rfc2136Provider settings)
    {
        var text = Secret.Read(provider, settings.SecretFile);
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, buffer, out var length))
        {
            throw new DrMeshException(
                DrMeshError.DnsProviderUnusable,
                $"the secret of DNS provider {provider} in {settings.SecretFile} is not base 64",
                "copy the key as tsig-keygen or the server's configuration shows it");
        }

        var algorithm = settings.Algorithm switch
        {
            TsigAlgorithm.HmacSha384 => TSigAlgorithm.Sha384,
            TsigAlgorithm.HmacSha512 => TSigAlgorithm.Sha512,
            _ => TSigAlgorithm.Sha256,
        };
        return new TsigKey(DomainName.Parse(settings.KeyName), algorithm, buffer[..length]);
    }

    /// <summary>The record that makes the library sign a message.</summary>
    public TSigRecord Sign(ushort transaction, DateTimeOffset now) =>
        new(_name, _algorithm, now.UtcDateTime, Fudge, transaction, ReturnCode.NoError, null, _secret);
}
