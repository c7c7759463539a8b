using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Estate;

/// <summary>Where a server that came from another machine listens.</summary>
public static class ListenAddress
{
    private const string Loopback = "127.0.0.1";

    /// <summary><c>listen_addresses</c> on a node: loopback, where recovery is watched, and the node's own; null: it is not declared.</summary>
    public static string ListenAddresses(this NodeDefinition? node) => node?.Address is null or Loopback ? Loopback : $"{Loopback}, {node.Address}";
}
