using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Restores;

namespace DrMesh.Core.Restores.Sessions;

/// <summary>What a restore session was asked and accepted.</summary>
public sealed record RestorePlan
{
    /// <summary>The cluster whose backups are used.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>The repositories of its policy, first tier first.</summary>
    public required ImmutableArray<string> Repositories { get; init; }

    /// <summary>The base backup.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>How far to recover.</summary>
    public required RecoveryTarget Target { get; init; }

    /// <summary>The machine that gets the files.</summary>
    public required NodeId Node { get; init; }

    /// <summary>The directory there.</summary>
    public required string Directory { get; init; }

    /// <summary>The restored server's port.</summary>
    public required int Port { get; init; }

    /// <summary>Whether the directory may hold files.</summary>
    public required bool IsDelta { get; init; }

    /// <summary>Workers.</summary>
    public required int Parallelism { get; init; }

    /// <summary>Where tablespaces go: original location to new one.</summary>
    public ImmutableSortedDictionary<string, string> TablespaceMap { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The plan as it was shown: WAL range, estimate, loss, steps, rollback.</summary>
    public required PitrPlan Shown { get; init; }
}
