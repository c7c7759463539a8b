using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A server that takes dynamic updates signed with TSIG.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-rfc2136")]
public sealed record Rfc2136Provider
{
    /// <summary>Where updates are sent.</summary>
    [Id(0), EstateKey("where updates are sent", Format = ValueFormat.HostAndPort)]
    public required string Server { get; init; }

    /// <summary>The key's name.</summary>
    [Id(1), EstateKey("the TSIG key's name")]
    public required string KeyName { get; init; }

    /// <summary>The key's algorithm.</summary>
    [Id(2), EstateKey("the TSIG key's algorithm")]
    public TsigAlgorithm Algorithm { get; init; } = TsigAlgorithm.HmacSha256;

    /// <summary>The file that holds the key's secret, in base64.</summary>
    [Id(3), EstateKey("the file that holds the key's secret, in base64", Format = ValueFormat.Path)]
    public required string SecretFile { get; init; }
}
