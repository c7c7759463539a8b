using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>An application <c>shop</c> of one cluster <c>orders</c> with members <c>eu</c>, <c>us</c>, <c>ap</c>, one in each region; eu leads and all is well.</summary>
internal static class Facts
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);
    public static readonly ClusterId Orders = new("orders");
    public static readonly AcknowledgingSet Quorum = AcknowledgingSet.Of(1, ["ap", "us"]);

    /// <summary>eu was seen a moment ago at 1000, and wrote nothing for as long as is remembered.</summary>
    public static WalReach Reach { get; } = new() { Timeline = new TimelineId(1), Seen = new Lsn(1000), Unseen = TimeSpan.FromSeconds(0.5), BytesPerSecond = 0, Watched = WalPace.Memory };

    public static PostgreSqlCluster Cluster { get; } = new()
    {
        Name = Orders,
        Policy = "policy",
        PrimaryRegion = new RegionId("eu"),
        ControlUser = new DatabaseUser { Name = "control" },
        ReplicationUser = new DatabaseUser { Name = "replication" },
        Members = [Member("eu"), Member("us"), Member("ap")],
    };

    public static ClusterRecord Record { get; } = ClusterRecord.Found(Orders, "eu", Quorum);

    public static MemberStatus Primary { get; } = new()
    {
        Role = MemberRole.Primary, Epoch = 1, IsFenced = false, Lsn = new Lsn(1000), SynchronousStandbyNames = Quorum.ToString(), Followers = [Follower("us"), Follower("ap")],
        Timeline = new TimelineId(1), WalLevel = "replica", CanRewind = true, SystemId = 7,
    };

    public static MemberStatus Standby { get; } = new()
    {
        Role = MemberRole.Standby, Epoch = 1, IsFenced = false, Lsn = new Lsn(1000), Timeline = new TimelineId(1), Upstream = "eu.test:5432", WalLevel = "replica", CanRewind = true, SystemId = 7,
    };

    public static PostgreSqlMember Member(string name, bool promotable = true) =>
        new() { Name = name, Node = new NodeId(new RegionId(name), "db1"), DataDirectory = "/data", Promotable = promotable };

    public static FollowerStatus Follower(string name) => new() { Name = name, Flushed = new Lsn(1000), Replayed = new Lsn(1000), SyncState = "quorum" };

    public static RecoveryFacts Of(
        RecoveryKind kind, FailoverPolicy? policy = null, ClusterRecord? record = null, PostgreSqlCluster? cluster = null, string? to = null, bool automatic = false) => new()
        {
            Request = new StartRecovery { Kind = kind, Application = "shop", Reason = "test", To = to is null ? null : new RegionId(to), IsAutomatic = automatic },
            Application = new ApplicationScope("shop", new PolicyDefinition { Name = "policy", Failover = policy ?? new FailoverPolicy { Strategy = FailoverStrategy.HotStandby } }, [cluster ?? Cluster], [], new SessionHooks()),
            Records = ImmutableDictionary<ClusterId, ClusterRecord>.Empty.Add(Orders, record ?? Record),
            Members = ImmutableDictionary<(ClusterId, string), MemberStatus>.Empty.Add((Orders, "eu"), Primary).Add((Orders, "us"), Standby).Add((Orders, "ap"), Standby),
            Reaches = ImmutableDictionary<ClusterId, WalReach>.Empty.Add(Orders, Reach),
            OpenRegions = [new RegionId("eu"), new RegionId("us"), new RegionId("ap")],
            Now = Now,
        };

    public static EstateDocument Estate { get; } = new()
    {
        Regions = [.. new[] { "eu", "us", "ap" }.Select(name => new RegionDefinition { Name = new RegionId(name), Nodes = [new NodeDefinition { Name = "db1", Address = $"{name}.test" }] })],
        Policies = [new PolicyDefinition { Name = "policy" }],
        Clusters = [Cluster],
    };
}
