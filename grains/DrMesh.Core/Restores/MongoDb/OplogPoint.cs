using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Restores.MongoDb;

/// <summary>A backup of a replica set, as a recovery begins from it.</summary>
/// <param name="Id">The backup.</param>
/// <param name="Position">Its consistent position: no log is needed to restore to it.</param>
/// <param name="Bytes">Bytes it restores to.</param>
/// <param name="Tiers">The tiers that hold it.</param>
public sealed record OplogPoint(string Id, OpTime Position, long Bytes, IReadOnlyList<string> Tiers);
