namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>How one cluster's WAL is archived.</summary>
public sealed record WalArchiveOptions
{
    /// <summary>The slot of the mesh's own archive.</summary>
    public const string DefaultSlot = "drmesh_wal";

    /// <summary>The cluster; the source's name in the repository.</summary>
    public required string Cluster { get; init; }

    /// <summary>The replication slot; created when it is missing.</summary>
    public string Slot { get; init; } = DefaultSlot;

    /// <summary>
    /// Tiers the slot does not wait for. All others must have WAL before the server may drop it: while one of them is away, the server keeps WAL up to <see cref="SlotLimitMegabytes"/>.
    /// An optional tier that was away is healed from another one.
    /// </summary>
    public IReadOnlySet<string> OptionalTiers { get; init; } = new HashSet<string>();

    /// <summary>How often the segment being filled is archived while it grows.</summary>
    public TimeSpan PartialInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// <c>max_slot_wal_keep_size</c> set on the server when it has none, MiB; null: nothing is set, and the status says that no limit holds.
    /// </summary>
    public int? SlotLimitMegabytes { get; init; } = 16 << 10;

    /// <summary>Segments held in memory before the receiver waits.</summary>
    public int BufferedSegments { get; init; } = 5;
}
