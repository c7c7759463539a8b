namespace DrMesh.Core.Backups.MongoDb;

/// <summary>A replica set as observed at one moment.</summary>
public sealed record MongoSet
{
    /// <summary>The set's name.</summary>
    public required string Name { get; init; }

    /// <summary>The election term.</summary>
    public required long Term { get; init; }

    /// <summary>The last operation a majority has, as the observed member knows.</summary>
    public required OpTime Committed { get; init; }

    /// <summary>The version of its configuration, the newest one an answering member has.</summary>
    public long ConfigVersion { get; init; }

    /// <summary>All members of its configuration.</summary>
    public required IReadOnlyList<MongoMember> Members { get; init; }

    /// <summary>The reachable primary, or null.</summary>
    public MongoMember? Primary => Members.FirstOrDefault(member => member is { IsReachable: true, State: MongoMemberState.Primary });
}
