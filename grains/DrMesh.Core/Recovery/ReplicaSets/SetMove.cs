using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>What a plan does with one replica set.</summary>
public sealed record SetMove
{
    /// <summary>The set's name in the estate.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>Its primary when the plan was made, by name; empty: none was seen and none is recorded.</summary>
    public required string OldPrimary { get; init; }

    /// <summary>The region it leaves.</summary>
    public required RegionId From { get; init; }

    /// <summary>The region asked for; null: any other.</summary>
    public RegionId? To { get; init; }

    /// <summary>Its members, in the estate's order.</summary>
    public required ImmutableArray<SetMemberPlace> Members { get; init; }

    /// <summary>Whether a person is there to be asked: a failover that began by itself never forces survivors into a set of their own.</summary>
    public bool MayAsk { get; init; } = true;

    /// <summary>The member at a host; null: the estate has none there.</summary>
    public SetMemberPlace? At(string host) => Members.FirstOrDefault(member => member.Host == host);

    /// <summary>The hosts of a set that the estate does not name. A member may be meant by another name: nobody is added beside it then.</summary>
    public ImmutableArray<string> Strangers(MongoSet seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return [.. seen.Members.Select(member => member.Host).Where(host => At(host) is null)];
    }

    /// <summary>A host as a person reads it: the member's name, else the host itself.</summary>
    public string NameOf(string host) => At(host)?.Name ?? host;
}
