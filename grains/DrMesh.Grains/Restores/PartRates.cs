using DrMesh.Core.Restores.PostgreSql;

namespace DrMesh.Grains.Restores;

/// <summary>What earlier restores reached, by what was restored; bytes a second, null where none tells.</summary>
/// <param name="PostgreSql">Base backup and log.</param>
/// <param name="MongoDb">Replica sets, log included.</param>
/// <param name="Files">File trees.</param>
internal sealed record PartRates(RestoreRates PostgreSql, double? MongoDb, double? Files);
