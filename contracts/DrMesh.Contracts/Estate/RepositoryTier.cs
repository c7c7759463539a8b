namespace DrMesh.Contracts.Estate;

/// <summary>What a repository is for.</summary>
public enum RepositoryTier
{
    /// <summary><c>hot</c>: beside the primary, kept 7 days, recovery in minutes.</summary>
    Hot,

    /// <summary><c>warm</c>: on disk in a second region, kept 30 days, recovery within an hour.</summary>
    Warm,

    /// <summary><c>cold</c>: object storage of another region, kept a year, recovery within four hours.</summary>
    Cold,

    /// <summary><c>archive</c>: an archive class of object storage, kept 7 years, recovery within twelve hours.</summary>
    Archive,
}
