using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>Where and how a transaction ended.</summary>
/// <param name="Position">The position after its last record.</param>
/// <param name="At">When, by the server's clock.</param>
/// <param name="IsCommitted">False: it was rolled back.</param>
public sealed record TransactionEnd(Lsn Position, DateTimeOffset At, bool IsCommitted);
