using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;

namespace DrMesh.Contracts.Restores.Unified;

/// <summary>How one part of an application would be restored.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.part-restore-plan")]
public sealed record PartRestorePlan
{
    /// <summary>What it is.</summary>
    [Id(0)]
    public required PartKind Kind { get; init; }

    /// <summary>Its name.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The backup it begins with.</summary>
    [Id(2)]
    public required BackupId Backup { get; init; }

    /// <summary>Where it stops, and whether that is exact or by a clock.</summary>
    [Id(3)]
    public required string Stop { get; init; }

    /// <summary>Whether it stops exactly where the others do, and not by a clock.</summary>
    [Id(4)]
    public required bool IsExact { get; init; }

    /// <summary>Bytes of the backup.</summary>
    [Id(5)]
    public required long BaseBytes { get; init; }

    /// <summary>Bytes of log to replay; null: not known.</summary>
    [Id(6)]
    public long? LogBytes { get; init; }

    /// <summary>How long it takes, from the rates of earlier restores; null: a rate is not known.</summary>
    [Id(7)]
    public TimeSpan? Estimate { get; init; }
}
