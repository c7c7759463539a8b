using DrMesh.Contracts.Databases;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>What a stopped server's data directory says of it. Source: <c>pg_controldata</c>, and whether there is a <c>backup_label</c>.</summary>
internal sealed record StoppedServer
{
    /// <summary>The timeline of its last checkpoint.</summary>
    public TimelineId Timeline { get; init; }

    /// <summary>Where its WAL ends for its standbys: its last checkpoint.</summary>
    public Lsn Lsn { get; init; }

    /// <summary>It was shut down in an orderly way.</summary>
    public bool IsShutDown { get; init; }

    /// <summary>See <see cref="MemberStatus.RanAsStandby"/>.</summary>
    public bool RanAsStandby { get; init; }
}
