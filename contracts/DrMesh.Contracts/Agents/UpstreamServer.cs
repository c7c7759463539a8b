namespace DrMesh.Contracts.Agents;

/// <summary>A server to follow.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.upstream-server")]
public sealed record UpstreamServer
{
    /// <summary>Its member name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Where it is reached.</summary>
    [Id(1)]
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    [Id(2)]
    public required int Port { get; init; }

    /// <summary>The server of that name at that address.</summary>
    public static UpstreamServer At(string name, string host, int port) => new() { Name = name, Host = host, Port = port };
}
