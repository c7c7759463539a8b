namespace DrMesh.Core.Backups;

/// <summary>A committed backup, open for reading. Safe for any number of callers at once. Content is read from the first tier that has it whole.</summary>
public interface IBackupReader : IAsyncDisposable
{
    /// <summary>The manifest's head.</summary>
    BackupSummary Summary { get; }

    /// <summary>All paths, in no particular order; memory does not grow with their number.</summary>
    IAsyncEnumerable<BackupFile> FilesAsync(CancellationToken cancellationToken = default);

    /// <summary>One path, or null. Looking paths up in the order of <see cref="StringComparer.Ordinal"/> is fastest.</summary>
    ValueTask<BackupFile?> FindFileAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Reads a part of a chunk, such as a file's <see cref="BackupFile.Notes"/>, into <paramref name="buffer"/>.</summary>
    /// <param name="slice">The part.</param>
    /// <param name="buffer">At least as long as the part.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    ValueTask ReadAsync(ChunkSlice slice, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Reads a range of a file; holes read as zeros. Returns the bytes read: fewer than asked only at the file's end.</summary>
    ValueTask<int> ReadAsync(BackupFile file, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>
    /// Restores the backup's files into directories of this machine, each needed chunk decoded once, in parallel. Repeatable: started again after a kill it ends with
    /// the same files (with <see cref="RestoreRequest.Delta"/> without writing again what is already right).
    /// </summary>
    Task<RestoreReport> RestoreAsync(RestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default);
}
