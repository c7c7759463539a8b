using System.Collections.Immutable;
using System.Globalization;

namespace DrMesh.Core.Setup;

/// <summary>What is wrong with one PostgreSQL server that DrMesh is to guard, each with the statement that mends it.</summary>
public static class ServerFindings
{
    private const int OldestVersion = 150000;

    // The archive's slot, and the one that a base backup holds for its time.
    private const int SlotsNeeded = 2;

    // The archive, a base backup with its WAL, and a standby that is made anew.
    private const int SendersBesideStandbys = 4;

    private const string Restart = "; then restart it";

    /// <summary>The findings of <paramref name="server"/> as one of <paramref name="members"/> servers.</summary>
    public static ImmutableArray<SetupFinding> Of(ServerFacts server, int members)
    {
        ArgumentNullException.ThrowIfNull(server);
        var found = new FindingList(server.Name);
        var role = server.IsStandby ? "standby" : "primary";
        found.Good("connectivity", $"answers as {role} at {server.Host}:{server.Port}");
        found.Require(
            server.Version >= OldestVersion,
            "programs", $"PostgreSQL {Version(server.Version)}", $"PostgreSQL {Version(server.Version)} is older than 15", "pg_upgradecluster, or pg_upgrade to PostgreSQL 15 or newer");
        found.Require(
            server.IsSuperuser,
            "rights", $"{server.User} may promote, fence and back up", $"{server.User} is no superuser and could neither promote nor fence the server", $"alter role \"{server.User}\" superuser;");
        Settings(server, members, found);
        Replication(server, members, found);
        Archive(server, found);
        found.AddRange(ClockFindings.Of(server.Name, server.ClockAhead, server.ClockMargin));
        return found.ToImmutable();
    }

    private static void Settings(ServerFacts server, int members, FindingList found)
    {
        const string area = "settings";
        var level = server.Settings.GetValueOrDefault("wal_level", "replica");
        found.Require(level != "minimal", area, $"wal_level = {level}", "wal_level = minimal: nobody can follow it and no WAL can be archived", $"alter system set wal_level = 'replica'{Restart}");
        found.Require(
            server.IsOn("full_page_writes"), area, "full_page_writes = on", "full_page_writes = off: a backup taken while it runs would be torn", "alter system set full_page_writes = on; select pg_reload_conf();");
        found.Require(server.IsOn("fsync"), area, "fsync = on", "fsync = off: what it acknowledges is lost with the power", "alter system set fsync = on; select pg_reload_conf();");
        found.Require(
            server.IsOn("data_checksums") || server.IsOn("wal_log_hints"),
            area,
            server.IsOn("data_checksums") ? "data checksums, so damage is seen and pg_rewind works" : "wal_log_hints = on, so pg_rewind works",
            "neither data checksums nor wal_log_hints: after a failover it can only be copied anew, not rewound",
            $"alter system set wal_log_hints = on{Restart}");
        if (!server.IsOn("data_checksums"))
        {
            found.Advice(area, "no data checksums: a backup cannot tell a damaged page", "pg_checksums --enable while it is stopped");
        }

        AtLeast(server, "max_wal_senders", members - 1 + SendersBesideStandbys, "its standbys, the archive, a backup and a standby made anew", found);
        AtLeast(server, "max_replication_slots", SlotsNeeded, "the archive's slot and that of a running backup", found);
        found.Require(server.IsOn("hot_standby"), area, "hot_standby = on", "hot_standby = off: as a standby it cannot be asked how far it is", $"alter system set hot_standby = on{Restart}");
        if (server.Settings.GetValueOrDefault("synchronous_commit") is "off" or "local")
        {
            found.Problem(
                area,
                $"synchronous_commit = {server.Settings["synchronous_commit"]}: commits wait for no standby, whatever the estate's durability says",
                "alter system set synchronous_commit = on; select pg_reload_conf();");
        }

        if (server.Settings.GetValueOrDefault("max_slot_wal_keep_size") == "-1")
        {
            found.Advice(
                area,
                "max_slot_wal_keep_size = -1: a slot that nobody reads fills its disk; the archive sets the policy's slotLimit on a primary it finds so",
                "alter system set max_slot_wal_keep_size = '10GB'; select pg_reload_conf();");
        }

        if (members > 1 && server.Number("wal_keep_size") == 0)
        {
            found.Advice(
                area,
                "wal_keep_size = 0: a former primary may no longer have the WAL that pg_rewind reads, and is then copied anew",
                "alter system set wal_keep_size = '1GB'; select pg_reload_conf();");
        }
    }

    private static void Replication(ServerFacts server, int members, FindingList found)
    {
        const string area = "replication";
        if (server.AdmitsReplication == false)
        {
            const string message = "pg_hba.conf lets nobody replicate from another machine";
            const string remedy = "add \"host replication ROLE ADDRESS/32 scram-sha-256\" for each other server to its pg_hba.conf; select pg_reload_conf();";
            if (members > 1)
            {
                found.Problem(area, message, remedy);
            }
            else
            {
                found.Advice(area, message, remedy);
            }
        }

        if (server.IsStandby)
        {
            found.Require(
                server.IsStreaming,
                area,
                $"streams from {UpstreamOf(server)}",
                $"receives nothing from {UpstreamOf(server)}",
                "look at its log: the reason is there, mostly a password, pg_hba.conf or WAL that is gone");
            if (server.Number("recovery_min_apply_delay") is > 0 and var delay)
            {
                found.Advice(area, $"recovery_min_apply_delay = {delay} ms: promoting it first replays all that", "alter system reset recovery_min_apply_delay; select pg_reload_conf();");
            }

            return;
        }

        var waitsFor = server.Settings.GetValueOrDefault("synchronous_standby_names", "");
        if (waitsFor.Length > 0)
        {
            found.Require(
                server.Followers.Any(follower => follower.SyncState is "sync" or "quorum"),
                area,
                $"synchronous_standby_names = {waitsFor}; DrMesh replaces it by the estate's durability",
                $"commits wait for synchronous_standby_names = {waitsFor}, and none of these streams from it",
                "start that standby, or: alter system reset synchronous_standby_names; select pg_reload_conf();");
        }
    }

    private static void Archive(ServerFacts server, FindingList found)
    {
        if (server.FailingSegment is { } segment)
        {
            found.Problem(
                "archive",
                $"archive_command fails at {segment}: WAL piles up in pg_wal",
                "mend archive_command (its message is in the server's log); DrMesh's own archive needs none: alter system set archive_command = '/bin/true'");
        }

        foreach (var (name, bytes) in server.IdleSlots)
        {
            found.Advice(
                "archive",
                string.Create(CultureInfo.InvariantCulture, $"nobody reads the slot {name}, which holds {bytes >> 20} MB of WAL back"),
                $"if nobody will: select pg_drop_replication_slot('{name}');");
        }
    }

    private static void AtLeast(ServerFacts server, string setting, int needed, string what, FindingList found)
    {
        if (server.Number(setting) is { } number)
        {
            found.Require(
                number >= needed, "settings", $"{setting} = {number}", $"{setting} = {number}; {needed} are needed for {what}", $"alter system set {setting} = {Math.Max(10, needed)}{Restart}");
        }
    }

    private static string UpstreamOf(ServerFacts server) =>
        server.Upstream.TryGetValue("host", out var host) ? $"{host}:{server.Upstream.GetValueOrDefault("port", "5432")}" : "a primary (primary_conninfo is empty or may not be seen)";

    private static string Version(int number) => $"{number / 10000}.{number % 10000}";
}
