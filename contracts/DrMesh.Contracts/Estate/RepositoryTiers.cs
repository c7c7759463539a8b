namespace DrMesh.Contracts.Estate;

/// <summary>What a tier means in figures.</summary>
public static class RepositoryTiers
{
    /// <summary>How long a repository keeps backups: as it says itself, else by its tier.</summary>
    public static TimeSpan KeepOf(RepositoryDefinition repository) => repository.Keep ?? repository.Tier switch
    {
        RepositoryTier.Hot => TimeSpan.FromDays(7),
        RepositoryTier.Warm => TimeSpan.FromDays(30),
        RepositoryTier.Cold => TimeSpan.FromDays(365),
        _ => TimeSpan.FromDays(7 * 365),
    };
}
