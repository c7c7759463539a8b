using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>How a failover is decided and limited.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-failover-policy")]
public sealed record FailoverPolicy
{
    /// <summary>Who starts it, and from what the other site comes up.</summary>
    [Id(0), EstateKey("who starts a failover, and from what the other site comes up")]
    public FailoverStrategy Strategy { get; init; } = FailoverStrategy.Manual;

    /// <summary>How long after a failover none follows by itself.</summary>
    [Id(1), EstateKey("how long after a failover none follows unless a person says so")]
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>In <c>async</c> durability, how long a primary may go on after it last heard from the control store or a majority of agents.</summary>
    [Id(2), EstateKey("async durability: how long a primary may write after it last renewed its lease", AtLeast = "1s", AtMost = "5m")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>In <c>async</c> durability, the most bytes of WAL that may be lost without a person's approval.</summary>
    [Id(3), EstateKey("async durability: the most WAL that may be lost without a person's approval")]
    public ByteSize LossLimit { get; init; } = new(16 << 20);

    /// <summary>How many failovers of one application may happen within an hour.</summary>
    [Id(4), EstateKey("how many failovers of one application may happen within an hour", AtLeast = "1", AtMost = "60")]
    public int MaxPerHour { get; init; } = 2;

    /// <summary>Whether a second person must approve each risky phase.</summary>
    [Id(5), EstateKey("whether a second person must approve beside the one who asked")]
    public bool SecondApprover { get; init; }

    /// <summary>Times in which no failover starts by itself.</summary>
    [Id(6), EstateKey("times in which no failover starts by itself and none is asked for without approval")]
    public ImmutableArray<BlackoutWindow> Blackouts { get; init; } = [];
}
