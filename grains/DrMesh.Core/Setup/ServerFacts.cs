using System.Collections.Immutable;
using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Setup;

/// <summary>What a running PostgreSQL server said of itself to somebody who considers putting it under DrMesh.</summary>
public sealed record ServerFacts
{
    /// <summary>How the caller names it: its node, or <c>host:port</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The node the caller says it is; null: not said.</summary>
    public NodeId? Node { get; init; }

    /// <summary>The host it was reached at.</summary>
    public required string Host { get; init; }

    /// <summary>The port it was reached at.</summary>
    public required int Port { get; init; }

    /// <summary>The database that was connected to.</summary>
    public string Database { get; init; } = "postgres";

    /// <summary><c>server_version_num</c>: 150017 is 15.17.</summary>
    public required int Version { get; init; }

    /// <summary>Copies of one cluster, and only they, have the same.</summary>
    public required ulong SystemId { get; init; }

    /// <summary>When its postmaster started; beside <see cref="SystemId"/> it tells one server reached by two names.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether it follows.</summary>
    public required bool IsStandby { get; init; }

    /// <summary>Its data directory; null: the user may not see it.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The values in force of the settings that matter, by name; a setting the user may not see is missing.</summary>
    public ImmutableDictionary<string, string> Settings { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The role that asked.</summary>
    public required string User { get; init; }

    /// <summary>Whether that role is a superuser.</summary>
    public required bool IsSuperuser { get; init; }

    /// <summary>Whether a password was given for it.</summary>
    public bool UsesPassword { get; init; }

    /// <summary>Whether the connection was encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Roles that may replicate.</summary>
    public ImmutableArray<string> ReplicationRoles { get; init; } = [];

    /// <summary>Whether <c>pg_hba.conf</c> lets somebody replicate from another machine; null: the user may not see it.</summary>
    public bool? AdmitsReplication { get; init; }

    /// <summary>A standby: <c>primary_conninfo</c>, by key; passwords are left out.</summary>
    public ImmutableDictionary<string, string> Upstream { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>A standby: whether it receives.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>The application names that stream from it, and each one's <c>sync_state</c>.</summary>
    public ImmutableArray<(string Name, string SyncState)> Followers { get; init; } = [];

    /// <summary>Replication slots that nobody reads, with the bytes of WAL each holds back.</summary>
    public ImmutableArray<(string Name, long Bytes)> IdleSlots { get; init; } = [];

    /// <summary>Why <c>archive_command</c> failed last, when it has failed since it last succeeded.</summary>
    public string? FailingSegment { get; init; }

    /// <summary>How far its clock is ahead of the caller's.</summary>
    public TimeSpan ClockAhead { get; init; }

    /// <summary>How far <see cref="ClockAhead"/> may be wrong: half of the time the question took.</summary>
    public TimeSpan ClockMargin { get; init; }

    /// <summary>The setting as a number; null: it is not known.</summary>
    public int? Number(string setting) => Settings.TryGetValue(setting, out var value) && int.TryParse(value, out var number) ? number : null;

    /// <summary>The setting as a switch: on unless it is known to be off.</summary>
    public bool IsOn(string setting) => !Settings.TryGetValue(setting, out var value) || value == "on";
}
