using System.Collections.Immutable;
using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Tests.Estate;

/// <summary>Random estates that a reader takes without an error.</summary>
internal static class Estates
{
    private static readonly string[] RegionNames = ["ap-southeast-1", "eu-west-1", "us-east-1", "us-west-2"];
    private static readonly Gen<TimeSpan> Duration = Gen.Int[1, 100_000].Select(seconds => TimeSpan.FromSeconds(seconds));
    private static readonly Gen<string?> Title = OneOf<string?>(null, "yes", "a: b", "Dublin, \"north\"", "#7", " padded ", "null", "12", "ä – ☃");

    private static Gen<PolicyDefinition> Policies { get; } =
        from rpo in Duration
        from rto in Duration
        from strategy in OneOf(FailoverStrategy.Manual, FailoverStrategy.HotStandby, FailoverStrategy.PilotLight)
        from loss in Gen.Long[0, 1L << 40]
        from approver in Gen.Bool
        from blackouts in Gen.Int[0, 2]
        from level in Gen.Int[1, 19]
        from daily in Gen.Int[0, 100]
        select new PolicyDefinition
        {
            Name = "policy",
            Rpo = rpo,
            Rto = rto,
            Failover = new FailoverPolicy
            {
                Strategy = strategy,
                LossLimit = new ByteSize(loss),
                SecondApprover = approver,
                Blackouts = [.. Enumerable.Repeat(new BlackoutWindow { Cron = "0 9 * * MON", Duration = TimeSpan.FromHours(1), Reason = "batch: weekly" }, blackouts)],
            },
            Backup = new BackupPolicy { Repositories = ["store"], CompressionLevel = level, Encryption = EncryptionRule.Optional },
            Retention = new RetentionPolicy { Daily = daily },
        };

    private static Gen<RepositoryDefinition> Repositories { get; } =
        from tier in OneOf(RepositoryTier.Hot, RepositoryTier.Cold)
        from isLocal in Gen.Bool
        from isEncrypted in Gen.Bool
        from keep in OneOf<TimeSpan?>(null, TimeSpan.FromDays(365), TimeSpan.FromDays(730))
        from storage in OneOf(S3StorageClass.Standard, S3StorageClass.OneZoneInfrequentAccess)
        select new RepositoryDefinition
        {
            Name = "store",
            Tier = tier,
            Keep = keep,
            Local = isLocal ? new LocalStore { Node = new NodeId(new RegionId(RegionNames[1]), "n0"), Directory = "/backup" } : null,
            S3 = isLocal ? null : new S3Store { Bucket = "shop", Region = "eu-central-1", StorageClass = storage },
            Encryption = isEncrypted ? new RepositoryEncryption { KeyFile = "/etc/key" } : null,
        };

    /// <summary>An estate of two to four regions with one cluster and one repository.</summary>
    public static Gen<EstateDocument> Any { get; } =
        from regions in Gen.Int[2, RegionNames.Length]
        from nodes in Gen.Int[1, 3]
        from policy in Policies
        from title in Title
        from mongo in Gen.Bool
        from port in Gen.Int[1, 65535]
        from acknowledgements in Gen.Int[1, regions - 1]
        from clusters in Gen.Int[1, 4]
        from repository in Repositories
        select new EstateDocument
        {
            Title = title,
            Regions = [.. RegionNames.Take(regions).Select(name => Region(name, nodes, title))],
            Policies = [policy],
            Repositories = [repository],
            Clusters = [.. Enumerable.Range(0, clusters).Select(index => mongo
                ? (ClusterDefinition)Mongo($"c{index}", regions, 1 + ((port + index) % 65535))
                : Postgres($"c{index}", regions, 1 + ((port + index) % 65535), DurabilityOf(policy, acknowledgements)))],
            Applications = [new ApplicationDefinition { Name = "shop", Policy = policy.Name, Clusters = [new ClusterId("c0")] }],
        };

    /// <summary>One of the given values.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static RegionDefinition Region(string name, int nodes, string? title) => new()
    {
        Name = new RegionId(name),
        Title = title,
        Nodes = [.. Enumerable.Range(0, nodes).Select(index => new NodeDefinition { Name = $"n{index}", Address = $"n{index}.{name}.example.net" })],
    };

    // Where the other sites come up from the repository, nobody there acknowledges.
    private static DurabilityDefinition DurabilityOf(PolicyDefinition policy, int acknowledgements) => policy.Failover.Strategy == FailoverStrategy.PilotLight
        ? new DurabilityDefinition { Mode = DurabilityMode.Async }
        : new DurabilityDefinition { Acknowledgements = acknowledgements };

    private static PostgreSqlCluster Postgres(string name, int regions, int port, DurabilityDefinition durability) => new()
    {
        Name = new ClusterId(name),
        Policy = "policy",
        PrimaryRegion = new RegionId(RegionNames[0]),
        ControlUser = new DatabaseUser { Name = "drmesh", PasswordFile = "/etc/password" },
        ReplicationUser = new DatabaseUser { Name = "true" },
        Durability = durability,
        Members = [.. Nodes(regions).Select(node => new PostgreSqlMember { Name = $"{name}-{node.Region}", Node = node, Port = port, DataDirectory = $"/data/{name}" })],
    };

    private static MongoDbCluster Mongo(string name, int regions, int port) => new()
    {
        Name = new ClusterId(name),
        Policy = "policy",
        PrimaryRegion = new RegionId(RegionNames[0]),
        ReplicaSet = name,
        Members = [.. Nodes(regions).Select(node => new MongoDbMember { Name = $"{name}-{node.Region}", Node = node, Port = port })],
    };

    private static ImmutableArray<NodeId> Nodes(int regions) => [.. RegionNames.Take(regions).Select(region => new NodeId(new RegionId(region), "n0"))];
}
