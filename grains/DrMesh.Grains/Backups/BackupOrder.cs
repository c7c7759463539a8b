using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Backups;

/// <summary>The backup of one member, done on the machine the order goes to.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.backup-order")]
internal sealed record BackupOrder : WorkOrder
{
    /// <summary>The cluster.</summary>
    [Id(0)]
    public required ClusterId Cluster { get; init; }

    /// <summary>The member that is read.</summary>
    [Id(1)]
    public required NodeId Source { get; init; }

    /// <summary>How.</summary>
    [Id(2)]
    public required BackupWay Way { get; init; }

    /// <summary>The backup's name.</summary>
    [Id(3)]
    public required BackupId Backup { get; init; }

    /// <summary>Read and store everything.</summary>
    [Id(4)]
    public required bool IsFull { get; init; }

    /// <summary>The repositories, first tier first.</summary>
    [Id(5)]
    public required ImmutableArray<string> Repositories { get; init; }

    /// <summary>Zstandard level.</summary>
    [Id(6)]
    public required int CompressionLevel { get; init; }

    /// <summary>Workers.</summary>
    [Id(7)]
    public required int Parallelism { get; init; }

    /// <summary>Labels kept with the backup.</summary>
    [Id(8)]
    public required ImmutableSortedDictionary<string, string> Labels { get; init; }
}
