using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups.Unified;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>One piece of work on one part, done on the machine the order goes to. A PostgreSQL cluster is copied by a <see cref="BackupOrder"/>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.part-order")]
internal sealed record PartOrder : WorkOrder
{
    /// <summary>What to do.</summary>
    [Id(0)]
    public required PartAction Action { get; init; }

    /// <summary>The replica set's or file tree's name.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>Whether it is a file tree.</summary>
    [Id(2)]
    public required bool IsTree { get; init; }

    /// <summary>The backup to make, or that the archive leads on from.</summary>
    [Id(3)]
    public required BackupId Backup { get; init; }

    /// <summary>The backup to build on; null: the newest that fits, or none.</summary>
    [Id(4)]
    public BackupId? Parent { get; init; }

    /// <summary>Read and store everything.</summary>
    [Id(5)]
    public bool IsFull { get; init; }

    /// <summary>The repositories, first tier first.</summary>
    [Id(6)]
    public required ImmutableArray<string> Repositories { get; init; }

    /// <summary>Zstandard level.</summary>
    [Id(7)]
    public required int CompressionLevel { get; init; }

    /// <summary>Workers.</summary>
    [Id(8)]
    public required int Parallelism { get; init; }

    /// <summary>Labels kept with the backup.</summary>
    [Id(9)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The point's id, for a mark; the opTime to reach, for an archive.</summary>
    [Id(10)]
    public string Point { get; init; } = "";

    /// <summary>An order for a part.</summary>
    public static PartOrder Of(string key, PartAction action, UnifiedPart part, BackupId backup) => new()
    {
        Key = key,
        Action = action,
        Name = part.Name,
        IsTree = part.Kind == Contracts.Backups.Unified.PartKind.Files,
        Backup = backup,
        Repositories = part.Repositories,
        CompressionLevel = part.CompressionLevel,
        Parallelism = part.Parallelism,
    };
}
