using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Backups.Unified;

/// <summary>What a unified backup session was asked and accepted; servers, directories and hooks are looked up in the estate when a step needs them.</summary>
public sealed record UnifiedBackupPlan
{
    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The backup's name in the repository: the session's id.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>Read and store everything.</summary>
    public required bool IsFull { get; init; }

    /// <summary>The repositories that get the manifest, first tier first.</summary>
    public required ImmutableArray<string> Repositories { get; init; }

    /// <summary>How the point is taken, and its limits.</summary>
    public required ConsistencyDefinition Consistency { get; init; }

    /// <summary>How the application is held and captured; null: it is left alone.</summary>
    public ApplicationStateHooks? State { get; init; }

    /// <summary>What becomes of the good parts when one fails.</summary>
    public required FailedSession WhenPartFails { get; init; }

    /// <summary>Its parts.</summary>
    public required ImmutableArray<UnifiedPart> Parts { get; init; }

    /// <summary>Labels kept with the backup.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether the application itself is asked to hold its writes while the point is taken.</summary>
    public bool Quiesces => Consistency.Mode == ConsistencyMode.Fence && State?.Quiesce is not null;

    /// <summary>The part a target names.</summary>
    public UnifiedPart Part(string target) => Parts.First(part => part.Target == target);
}
