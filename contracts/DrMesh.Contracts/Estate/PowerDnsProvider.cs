using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>PowerDNS, by its HTTP API.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-powerdns")]
public sealed record PowerDnsProvider
{
    /// <summary>The API's address.</summary>
    [Id(0), EstateKey("the API's address, for example http://10.1.0.53:8081", Format = ValueFormat.Url)]
    public required string Url { get; init; }

    /// <summary>The file that holds the API key.</summary>
    [Id(1), EstateKey("the file that holds the API key", Format = ValueFormat.Path)]
    public required string ApiKeyFile { get; init; }

    /// <summary>The server's id within the API.</summary>
    [Id(2), EstateKey("the server's id within the API")]
    public string Server { get; init; } = "localhost";
}
