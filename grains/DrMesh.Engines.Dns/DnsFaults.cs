using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Engines.Dns;

/// <summary>The faults of <see cref="Core.Traffic.IDnsProvider"/>, worded alike for every provider; the provider's own words come last.</summary>
internal static class DnsFaults
{
    public static DrMeshException Unreachable(string provider, string where, string words, Exception? inner = null) => new(
        DrMeshError.DnsProviderUnreachable,
        $"DNS provider {provider} does not answer at {where}: {words}",
        "nothing was sent; see that it runs and can be reached from this silo, then try again",
        inner);

    public static DrMeshException Refused(string provider, string action, string words, string hint) => new(
        DrMeshError.DnsProviderRefused, $"DNS provider {provider} refused to {action}: {words}", $"nothing was changed; {hint}");

    public static DrMeshException ZoneUnknown(string provider, DnsName zone, string words) => new(
        DrMeshError.DnsZoneUnknown,
        $"DNS provider {provider} does not hold zone {zone}: {words}",
        "create the zone there, or correct the zone in the estate");

    public static DrMeshException Conflict(string provider, DnsName name, string words) => new(
        DrMeshError.DnsConflict,
        $"{name} at DNS provider {provider} is no longer as it was read: {words}",
        "nothing was changed; someone else writes this name: look with drmesh traffic show, then order the switch again");

    public static DrMeshException ChangeUnknown(string provider, DnsName zone, string words, Exception? inner = null) => new(
        DrMeshError.DnsChangeUnknown,
        $"DNS provider {provider} did not say whether the change of zone {zone} was made: {words}",
        "the record sets have to be read again before anything else is done",
        inner);

    public static DrMeshException NotConfirmed(string provider, DnsName zone, TimeSpan within, string words) => new(
        DrMeshError.DnsNotConfirmed,
        $"DNS provider {provider} accepted the change of zone {zone} and did not confirm it within {within.TotalSeconds:0} s: {words}",
        "it may still come; drmesh traffic show tells what every authoritative server answers");
}
