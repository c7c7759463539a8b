namespace DrMesh.Core.Backups;

/// <summary>A committed backup: in at least one tier.</summary>
public sealed record BackupCommit
{
    /// <summary>The backup as its manifest tells.</summary>
    public required BackupSummary Summary { get; init; }

    /// <summary>One row a tier, in the repository's order.</summary>
    public required IReadOnlyList<TierOutcome> Tiers { get; init; }

    /// <summary>A tier was lost on the way; its row says why. <see cref="IBackupRepository.CopyAsync"/> heals it later.</summary>
    public bool IsDegraded => Tiers.Any(tier => tier.Failure is not null);
}
