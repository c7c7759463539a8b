using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Core.Tests.Traffic;

/// <summary>A service with an answer in each of three regions.</summary>
internal static class Shop
{
    public static readonly RegionId Eu = new("eu-west-1");
    public static readonly RegionId Us = new("us-east-1");
    public static readonly RegionId Ap = new("ap-southeast-1");
    public static readonly DnsName Name = DnsName.Parse("shop.example.org");
    public static readonly OwnerMark Mark = new(new ServiceId("shop"), 7, 12);

    public static ServiceDefinition Service(DnsRouting routing = DnsRouting.Simple, TrafficMode mode = TrafficMode.Records, bool withChecks = true) => new()
    {
        Name = "shop",
        Provider = "main",
        Zone = "example.org",
        Names = ["shop.example.org"],
        Routing = routing,
        Mode = mode,
        Answers =
        [
            Answer(Eu, "192.0.2.1", withChecks ? "hc-eu" : null),
            Answer(Us, "192.0.2.2", withChecks ? "hc-us" : null),
            Answer(Ap, "192.0.2.3", withChecks ? "hc-ap" : null),
        ],
    };

    public static ProviderTraits Everything { get; } = new()
    {
        ChangesAtomically = true,
        ComparesBeforeChange = true,
        ConfirmsPropagation = true,
        HasHealthChecks = true,
        Routing = Enum.GetValues<DnsRouting>(),
    };

    public static SwitchQuestion Question(RegionId to, ServiceDefinition service, params RecordSet[] read) => new()
    {
        Service = service,
        To = to,
        Mark = Mark,
        Traits = Everything,
        Read = new Dictionary<DnsName, IReadOnlyList<RecordSet>> { [Name] = read },
    };

    public static RecordSet Set(string address, OwnerMark? owner = null, Routing? routing = null, string? check = null) => new()
    {
        Name = Name,
        Type = RecordType.A,
        Ttl = TimeSpan.FromSeconds(60),
        Values = [address],
        Routing = routing ?? Routing.Simple,
        HealthCheckId = check,
        Owner = owner,
    };

    public static Routing Role(RegionId region, bool isPrimary) =>
        new() { Kind = DnsRouting.Failover, SetIdentifier = region.Value, IsPrimary = isPrimary };

    public static Routing Weight(RegionId region, int weight) =>
        new() { Kind = DnsRouting.Weighted, SetIdentifier = region.Value, Weight = weight };

    public static OwnerMark Older => Mark with { Generation = Mark.Generation - 1 };

    private static ServiceAnswer Answer(RegionId region, string address, string? check) =>
        new() { Region = region, Values = [address], HealthCheck = check };
}
