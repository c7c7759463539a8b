using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Backups;

/// <summary>What to verify.</summary>
public sealed record VerifyRequest
{
    /// <summary>One backup and all it refers to; null: every object of the repository, log archives too.</summary>
    public BackupId? Backup { get; init; }

    /// <summary>One tier; null: every tier.</summary>
    public string? Tier { get; init; }

    /// <summary>How closely to look.</summary>
    public VerifyDepth Depth { get; init; }

    /// <summary>Workers; 0: one a processor.</summary>
    public int Parallelism { get; init; }
}

/// <summary>How far a verification is, bytes as stored.</summary>
/// <param name="DoneBytes">Bytes checked.</param>
/// <param name="TotalBytes">Bytes to check.</param>
public readonly record struct VerifyProgress(long DoneBytes, long TotalBytes);

/// <summary>What a verification found.</summary>
public sealed record VerifyReport
{
    /// <summary>Objects checked.</summary>
    public required long Objects { get; init; }

    /// <summary>Bytes of them, as stored.</summary>
    public required long Bytes { get; init; }

    /// <summary>Each damaged or missing object; empty: the repository is whole.</summary>
    public required IReadOnlyList<Damage> Damages { get; init; }
}

/// <summary>A damaged or missing object.</summary>
public sealed record Damage
{
    /// <summary>The tier it is in.</summary>
    public required string Tier { get; init; }

    /// <summary>The object's key.</summary>
    public required string Key { get; init; }

    /// <summary>What is wrong, with values.</summary>
    public required string Fact { get; init; }

    /// <summary>The backups that need the object; empty: none.</summary>
    public IReadOnlyList<BackupId> Backups { get; init; } = [];
}
