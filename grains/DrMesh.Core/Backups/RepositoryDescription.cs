namespace DrMesh.Core.Backups;

/// <summary>A repository as the estate or a command line describes it.</summary>
public sealed record RepositoryDescription
{
    /// <summary>Its tiers, preferred for reading first; at least one.</summary>
    public required IReadOnlyList<TierAddress> Tiers { get; init; }

    /// <summary>Whether missing repositories are created (with a new secret, or the secret of the tier that has one).</summary>
    public bool Create { get; init; }
}
