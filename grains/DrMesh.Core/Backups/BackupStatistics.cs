namespace DrMesh.Core.Backups;

/// <summary>Counters of a running backup; a snapshot.</summary>
/// <param name="PlainBytes">Bytes handed to <see cref="IBackupWriter.AddChunkAsync"/>.</param>
/// <param name="ReusedBytes">Of these, bytes whose content the repository already held.</param>
/// <param name="StoredBytes">Bytes added, compressed and encrypted, counted once whatever the number of tiers.</param>
/// <param name="Chunks">Chunks handed over.</param>
/// <param name="Files">Paths added.</param>
public readonly record struct BackupStatistics(long PlainBytes, long ReusedBytes, long StoredBytes, long Chunks, long Files);
