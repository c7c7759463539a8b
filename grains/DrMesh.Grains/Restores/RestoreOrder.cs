using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Restores;

/// <summary>One stage of a restore, done on the machine the order goes to.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.restore-order")]
internal sealed record RestoreOrder : WorkOrder
{
    /// <summary>Which part.</summary>
    [Id(0)]
    public required RestoreStage Stage { get; init; }

    /// <summary>The cluster whose backups are used.</summary>
    [Id(1)]
    public required ClusterId Cluster { get; init; }

    /// <summary>The repositories, first tier first.</summary>
    [Id(2)]
    public required ImmutableArray<string> Repositories { get; init; }

    /// <summary>The base backup.</summary>
    [Id(3)]
    public required BackupId Backup { get; init; }

    /// <summary>How far to recover.</summary>
    [Id(4)]
    public required RecoveryTarget Target { get; init; }

    /// <summary>The directory.</summary>
    [Id(5)]
    public required string Directory { get; init; }

    /// <summary>The port.</summary>
    [Id(6)]
    public required int Port { get; init; }

    /// <summary>Whether the directory may hold files.</summary>
    [Id(7)]
    public required bool IsDelta { get; init; }

    /// <summary>Workers.</summary>
    [Id(8)]
    public required int Parallelism { get; init; }

    /// <summary>Where tablespaces go.</summary>
    [Id(9)]
    public required ImmutableSortedDictionary<string, string> TablespaceMap { get; init; }
}
