using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>Changes of one zone that belong together.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Changes">The changes; at least one, each of another record set.</param>
public sealed record ZoneChange(DnsName Zone, IReadOnlyList<RecordSetChange> Changes);
