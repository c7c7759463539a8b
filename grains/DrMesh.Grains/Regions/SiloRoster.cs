using DrMesh.Contracts.Regions;
using DrMesh.Grains.Placement;

namespace DrMesh.Grains.Regions;

/// <summary>The mesh's silos as the membership knows them, one a node: of several lives of the same silo the latest counts.</summary>
internal sealed class SiloRoster(IClusterMembershipService membership)
{
    // A silo's generation is its start in seconds since then.
    private static readonly DateTimeOffset GenerationsBegin = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All silos of the membership, each with what it alone says.</summary>
    public IReadOnlyList<SiloHealth> All() =>
        [.. membership.CurrentSnapshot.Members.Values
            .Select(member => (member, node: SiloNodes.NodeOf(member.Name)))
            .Where(pair => pair.node is not null)
            .GroupBy(pair => pair.node!.Value)
            .Select(lives => lives.MaxBy(life => life.member.SiloAddress.Generation))
            .Select(latest => new SiloHealth
            {
                Node = latest.node!.Value,
                Address = AddressOf(latest.member.SiloAddress),
                State = StateOf(latest.member.Status),
                StartedAt = GenerationsBegin.AddSeconds(latest.member.SiloAddress.Generation),
            })
            .OrderBy(silo => silo.Node.ToString(), StringComparer.Ordinal)];

    /// <summary>Address and port, as a person writes them.</summary>
    public static string AddressOf(SiloAddress silo) => silo.Endpoint.ToString();

    /// <summary>The status in this project's words.</summary>
    public static SiloState StateOf(SiloStatus status) => status switch
    {
        SiloStatus.Active => SiloState.Active,
        SiloStatus.Created or SiloStatus.Joining => SiloState.Joining,
        SiloStatus.ShuttingDown or SiloStatus.Stopping => SiloState.Leaving,
        _ => SiloState.Dead,
    };
}
