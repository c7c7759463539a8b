using System.Collections.Immutable;

namespace DrMesh.Contracts.Backups.Unified;

/// <summary>One part of a unified backup, and where the consistency point lies in it.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.unified-backup-part")]
public sealed record UnifiedBackupPart
{
    /// <summary>What it is.</summary>
    [Id(0)]
    public required PartKind Kind { get; init; }

    /// <summary>The cluster's or file tree's name.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The backup that holds its data.</summary>
    [Id(2)]
    public required BackupId Backup { get; init; }

    /// <summary>The repositories that hold it, first tier first.</summary>
    [Id(3)]
    public required ImmutableArray<string> Repositories { get; init; }

    /// <summary>
    /// The point in its own terms. PostgreSQL: <c>restorePoint</c>, <c>lsn</c>, <c>transaction</c>, <c>timeline</c>; MongoDB: <c>opTime</c>, <c>clusterTime</c>; files: <c>checksum</c>.
    /// </summary>
    [Id(4)]
    public required ImmutableSortedDictionary<string, string> Point { get; init; }

    /// <summary>Bytes it restores to.</summary>
    [Id(5)]
    public long LogicalBytes { get; init; }
}
