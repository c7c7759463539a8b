using System.Collections.Immutable;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Setup;

namespace DrMesh.Core.Tests.Setup;

/// <summary>Servers as they should be, to be spoilt by a test.</summary>
internal static class Found
{
    public static ServerFacts Primary(string node = "eu/db1") => new()
    {
        Name = node,
        Node = NodeId.TryParse(node),
        Host = "10.1.0.5",
        Port = 5432,
        Version = 150017,
        SystemId = 7,
        StartedAt = DateTimeOffset.UnixEpoch.AddDays(1),
        IsStandby = false,
        DataDirectory = "/var/lib/postgresql/15/main",
        User = "drmesh",
        IsSuperuser = true,
        AdmitsReplication = true,
        ReplicationRoles = ["drmesh", "replicator"],
        Followers = [("orders-us", "quorum")],
        Settings = new Dictionary<string, string>
        {
            ["wal_level"] = "replica",
            ["full_page_writes"] = "on",
            ["fsync"] = "on",
            ["data_checksums"] = "on",
            ["wal_log_hints"] = "off",
            ["max_wal_senders"] = "10",
            ["max_replication_slots"] = "10",
            ["hot_standby"] = "on",
            ["synchronous_commit"] = "on",
            ["max_slot_wal_keep_size"] = "10240",
            ["wal_keep_size"] = "1024",
            ["recovery_min_apply_delay"] = "0",
            ["synchronous_standby_names"] = "",
            ["max_connections"] = "100",
        }.ToImmutableDictionary(),
    };

    public static ServerFacts Standby(string node = "us/db1", string name = "orders-us") => Primary(node) with
    {
        Host = "10.2.0.5",
        StartedAt = DateTimeOffset.UnixEpoch.AddDays(2),
        IsStandby = true,
        IsStreaming = true,
        Followers = [],
        Upstream = new Dictionary<string, string> { ["host"] = "10.1.0.5", ["user"] = "replicator", ["application_name"] = name }.ToImmutableDictionary(),
    };

    public static ServerFacts With(this ServerFacts server, string setting, string value) => server with { Settings = server.Settings.SetItem(setting, value) };

    public static ImmutableArray<SetupFinding> Wrong(this IEnumerable<SetupFinding> findings) => [.. findings.Where(finding => finding.Level != FindingLevel.Good)];
}
