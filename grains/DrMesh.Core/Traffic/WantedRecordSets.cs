using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>The record sets a name shall have while traffic goes to one region: the old region's answer is withdrawn in each kind of routing.</summary>
internal static class WantedRecordSets
{
    /// <summary>The weight of the region in charge; the others have 0, which Route 53 never chooses while another is above 0.</summary>
    private const int FullWeight = 100;

    public static IEnumerable<RecordSet> For(SwitchQuestion question, DnsName name, IReadOnlyList<RecordSet> existing)
    {
        var target = question.Target!;
        return question.Service.Routing switch
        {
            DnsRouting.Weighted => question.Service.Answers.Select(answer => Set(question, name, answer, new Routing
            {
                Kind = DnsRouting.Weighted,
                SetIdentifier = answer.Region.Value,
                Weight = answer.Region == target.Region ? FullWeight : 0,
            })),
            DnsRouting.Failover => Failover(question, name, target, existing),
            DnsRouting.Latency => [Set(question, name, target, new Routing
            {
                Kind = DnsRouting.Latency,
                SetIdentifier = target.Region.Value,
                ProviderRegion = target.Region.Value,
            })],
            _ => [Set(question, name, target, Routing.Simple)],
        };
    }

    /// <summary>
    /// The region in charge is the primary. The one that was primary, or already secondary, may stay as the secondary only with a health check:
    /// without one it would answer whenever the primary's check fails, withdrawn or not.
    /// </summary>
    private static IEnumerable<RecordSet> Failover(SwitchQuestion question, DnsName name, ServiceAnswer target, IReadOnlyList<RecordSet> existing)
    {
        yield return Set(question, name, target, Role(target.Region, isPrimary: true));
        var former = existing.Where(set => set.Routing.Kind == DnsRouting.Failover && set.Routing.SetIdentifier != target.Region.Value)
            .OrderByDescending(set => set.Routing.IsPrimary is true)
            .Select(set => question.Service.Answers.FirstOrDefault(answer => answer.Region.Value == set.Routing.SetIdentifier))
            .FirstOrDefault(answer => answer?.HealthCheck is not null);
        if (former is not null)
        {
            yield return Set(question, name, former, Role(former.Region, isPrimary: false));
        }
    }

    private static Routing Role(RegionId region, bool isPrimary) =>
        new() { Kind = DnsRouting.Failover, SetIdentifier = region.Value, IsPrimary = isPrimary };

    private static RecordSet Set(SwitchQuestion question, DnsName name, ServiceAnswer answer, Routing routing) => new()
    {
        Name = name,
        Type = question.Type,
        Ttl = question.Service.Ttl,
        Values = [.. answer.Values.Select(value => RecordSet.Normalize(question.Type, value))],
        Routing = routing,
        HealthCheckId = routing.Kind == DnsRouting.Simple ? null : answer.HealthCheck,
    };
}
