using System.Collections.Immutable;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>What planning needs to know of a base backup.</summary>
public sealed record BackupPoint
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The timeline it was taken on.</summary>
    public required TimelineId Timeline { get; init; }

    /// <summary>Where replay begins.</summary>
    public required Lsn Start { get; init; }

    /// <summary>The earliest position at which it is consistent.</summary>
    public required Lsn Stop { get; init; }

    /// <summary>The earliest moment it can be restored to, by the server's clock.</summary>
    public required DateTimeOffset StopTime { get; init; }

    /// <summary>The next transaction id at its stop, with its epoch: transactions from here on can be targets.</summary>
    public required ulong NextTransaction { get; init; }

    /// <summary>Bytes it restores to.</summary>
    public required long Bytes { get; init; }

    /// <summary>The tiers that hold it, fastest first.</summary>
    public required ImmutableArray<string> Tiers { get; init; }
}
