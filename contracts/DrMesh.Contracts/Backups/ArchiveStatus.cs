using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Backups;

/// <summary>Where the continuous archive of one cluster stands.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.archive-status")]
public sealed record ArchiveStatus
{
    /// <summary>The cluster.</summary>
    [Id(0)]
    public required ClusterId Cluster { get; init; }

    /// <summary>The machine the archive is written from; null: none, see <see cref="Trouble"/>.</summary>
    [Id(1)]
    public NodeId? WrittenFrom { get; init; }

    /// <summary>The member it streams from; null: none is known as the primary.</summary>
    [Id(2)]
    public NodeId? Source { get; init; }

    /// <summary>Whether log streams in now.</summary>
    [Id(3)]
    public bool IsStreaming { get; init; }

    /// <summary>Why it does not; null when it does, or has just begun.</summary>
    [Id(4)]
    public string? Trouble { get; init; }

    /// <summary>The position received so far, in the system's own notation; null: none yet.</summary>
    [Id(5)]
    public string? Received { get; init; }

    /// <summary>One row a tier.</summary>
    [Id(6)]
    public ImmutableArray<ArchiveTierStatus> Tiers { get; init; } = [];

    /// <summary>Log that is lost for good, one sentence each; a new base backup heals what follows it.</summary>
    [Id(7)]
    public ImmutableArray<string> Gaps { get; init; } = [];

    /// <summary>How the slot stands; null: not known.</summary>
    [Id(8)]
    public string? Slot { get; init; }

    /// <summary>Bytes the server may still write before the slot's limit is used up; null: no limit holds.</summary>
    [Id(9)]
    public long? SlotSafeBytes { get; init; }

    /// <summary>Whether the slot's limit is used up: an alert.</summary>
    [Id(10)]
    public bool IsSlotLimitBreached { get; init; }
}
