using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>How far replay is.</summary>
/// <param name="Position">What is replayed.</param>
/// <param name="Start">Where it began.</param>
public readonly record struct RecoveryProgress(Lsn Position, Lsn Start)
{
    /// <summary>Bytes replayed.</summary>
    public long Bytes => Position - Start;
}
