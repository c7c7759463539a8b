using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>What a scheduled work may use of its machine.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-limits")]
public sealed record ResourceLimits
{
    /// <summary>The processor load, in percent, above which running work is halved.</summary>
    [Id(0), EstateKey("the processor load, in percent, above which running work is throttled to half", AtLeast = "10", AtMost = "100")]
    public int CpuPercent { get; init; } = 80;

    /// <summary>Bytes a second over the network.</summary>
    [Id(1), EstateKey("bytes a second over the network", AtLeast = "64kB", Otherwise = "no limit")]
    public ByteSize? NetworkRate { get; init; }

    /// <summary>Bytes a second from and to disks.</summary>
    [Id(2), EstateKey("bytes a second from and to disks", AtLeast = "64kB", Otherwise = "no limit")]
    public ByteSize? DiskRate { get; init; }

    /// <summary>How long it may take.</summary>
    [Id(3), EstateKey("how long it may take before it is ended as failed", AtLeast = "1m", Otherwise = "no limit")]
    public TimeSpan? Deadline { get; init; }
}
