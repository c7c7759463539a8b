using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>What a provider gave for an accepted change, to ask it later how far the change is. Survives a restart of the silo as JSON.</summary>
/// <param name="Zone">The zone that was changed.</param>
/// <param name="Id">The provider's own id of the change; empty: the provider has none, the change was complete when it was accepted.</param>
public sealed record ChangeReceipt(DnsName Zone, string Id);
