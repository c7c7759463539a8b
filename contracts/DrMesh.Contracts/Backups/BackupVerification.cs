using System.Collections.Immutable;

namespace DrMesh.Contracts.Backups;

/// <summary>How the verification of one backup stands.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.backup-verification")]
public sealed record BackupVerification
{
    /// <summary>The backup.</summary>
    [Id(0)]
    public required BackupId Id { get; init; }

    /// <summary>Whether it still reads.</summary>
    [Id(1)]
    public required bool IsRunning { get; init; }

    /// <summary>Bytes checked, as stored.</summary>
    [Id(2)]
    public long DoneBytes { get; init; }

    /// <summary>Bytes to check.</summary>
    [Id(3)]
    public long TotalBytes { get; init; }

    /// <summary>Objects checked; known at the end.</summary>
    [Id(4)]
    public long Objects { get; init; }

    /// <summary>Each damaged or missing object with its tier, one sentence each.</summary>
    [Id(5)]
    public ImmutableArray<string> Damages { get; init; } = [];

    /// <summary>Why it could not be carried through; null: it could.</summary>
    [Id(6)]
    public string? Failure { get; init; }

    /// <summary>Whether it ended and found nothing wrong.</summary>
    public bool IsSound => !IsRunning && Failure is null && Damages.IsEmpty;
}
