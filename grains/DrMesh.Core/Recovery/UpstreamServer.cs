namespace DrMesh.Core.Recovery;

/// <summary>A server to follow.</summary>
/// <param name="Name">Its member name.</param>
/// <param name="Host">Where it is reached.</param>
/// <param name="Port">Its port.</param>
public sealed record UpstreamServer(string Name, string Host, int Port);
