using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>What <see cref="SwitchPlanner"/> needs to know; all of it was observed or declared, nothing remembered.</summary>
public sealed record SwitchQuestion
{
    /// <summary>The service as the estate declares it.</summary>
    public required ServiceDefinition Service { get; init; }

    /// <summary>The region its names shall answer with.</summary>
    public required RegionId To { get; init; }

    /// <summary>The mark this switch writes.</summary>
    public required OwnerMark Mark { get; init; }

    /// <summary>What the provider can do.</summary>
    public required ProviderTraits Traits { get; init; }

    /// <summary>The record sets of each of the service's names, as just read.</summary>
    public required IReadOnlyDictionary<DnsName, IReadOnlyList<RecordSet>> Read { get; init; }

    /// <summary>Whether unmarked record sets with unknown values may be taken over.</summary>
    public bool Adopt { get; init; }

    /// <summary>The answer declared for the wanted region.</summary>
    internal ServiceAnswer? Target => Service.Answers.FirstOrDefault(answer => answer.Region == To);

    internal RecordType Type => RecordTypes.Of(Service.Record);

    internal DnsName Zone => DnsName.Parse(Service.Zone);
}
