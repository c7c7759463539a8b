namespace DrMesh.Contracts.Backups;

/// <summary>Where the continuous archive stands in one tier.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.archive-tier-status")]
public sealed record ArchiveTierStatus
{
    /// <summary>The tier.</summary>
    [Id(0)]
    public required string Tier { get; init; }

    /// <summary>Everything before this position is in it.</summary>
    [Id(1)]
    public required string Position { get; init; }

    /// <summary>Everything received before this moment is in it.</summary>
    [Id(2)]
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Why its last write failed; null: it did not.</summary>
    [Id(3)]
    public string? Failure { get; init; }
}
