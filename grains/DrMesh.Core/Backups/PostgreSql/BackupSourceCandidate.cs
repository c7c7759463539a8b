using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>What was observed of one member of a cluster, to choose where its backup is read.</summary>
public sealed record BackupSourceCandidate
{
    /// <summary>The member.</summary>
    public required NodeId Node { get; init; }

    /// <summary>Whether it answered a query.</summary>
    public required bool IsReachable { get; init; }

    /// <summary>Whether it is the primary.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>Its system identifier; two servers of one cluster share it.</summary>
    public ulong SystemId { get; init; }

    /// <summary>Bytes of WAL it has not replayed yet, of what the primary has written.</summary>
    public long LagBytes { get; init; }

    /// <summary>Whether an administrator paused its replay.</summary>
    public bool IsReplayPaused { get; init; }

    /// <summary>Whether WAL reaches it at all: by a connection to its upstream or from the archive.</summary>
    public bool IsReceiving { get; init; }
}
