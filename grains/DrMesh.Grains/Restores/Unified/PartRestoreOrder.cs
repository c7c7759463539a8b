using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Restores.Unified;

/// <summary>The restore of a replica set or file tree, or a look at any restored part, done on the machine the order goes to. A cluster is restored by <see cref="RestoreOrder"/>s.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.part-restore-order")]
internal sealed record PartRestoreOrder : WorkOrder
{
    /// <summary>Only look for the marker.</summary>
    [Id(0)]
    public required bool IsLook { get; init; }

    /// <summary>The part.</summary>
    [Id(1)]
    public required UnifiedBackupPart From { get; init; }

    /// <summary>Where it goes.</summary>
    [Id(2)]
    public required RestorePartTarget To { get; init; }

    /// <summary>The point's id.</summary>
    [Id(3)]
    public required string Point { get; init; }

    /// <summary>The moment to go on to; null: the point.</summary>
    [Id(4)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Workers.</summary>
    [Id(5)]
    public required int Parallelism { get; init; }

    /// <summary>Only look whether anything is in the way.</summary>
    [Id(6)]
    public bool IsCheck { get; init; }

    /// <summary>Whether what is in the way is overwritten.</summary>
    [Id(7)]
    public bool Overwrites { get; init; }
}
