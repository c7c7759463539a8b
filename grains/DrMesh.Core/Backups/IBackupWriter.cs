using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups;

/// <summary>
/// One backup being written, to all tiers of its repository in one pass. Nothing of it is visible before <see cref="CommitAsync"/>; disposing without a commit
/// leaves no backup, and what was already stored is reused by the next backup of the same source (or removed by garbage collection).
/// <para>
/// The intended use, with as many workers as there are processors: each worker reads <see cref="ChunkSize.Usual"/> bytes at a time into its own buffer and awaits
/// <see cref="AddChunkAsync"/>, which does the hashing, compression and encryption on the caller's thread; it collects the returned references as
/// <see cref="Extent"/>s and ends each path with <see cref="AddFileAsync"/>. Small files and changed pages go through a <see cref="PieceGatherer"/>. An
/// incremental backup looks its parent's file up (<see cref="IBackupReader.FindFileAsync"/>), lays the new extents over the old with
/// <see cref="ExtentMap.Overlay"/>, and adds the file with the result: unchanged content is not read or stored again.
/// </para>
/// </summary>
public interface IBackupWriter : IAsyncDisposable
{
    /// <summary>Counters so far; may be read at any time.</summary>
    BackupStatistics Statistics { get; }

    /// <summary>Tiers lost so far; the others go on. Empty: none.</summary>
    IReadOnlyList<TierOutcome> LostTiers { get; }

    /// <summary>
    /// Stores a chunk unless the repository already holds its content. Any number of callers at once; each does its own work on its own thread and waits when the
    /// stores are slower than the callers. The buffer is the caller's again when the call has returned.
    /// </summary>
    /// <param name="content">1 to <see cref="ChunkSize.Maximum"/> bytes.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <returns>Where the content lies, in all tiers; <see cref="ChunkRef.Zeros"/> when it is all zeros.</returns>
    /// <exception cref="DrMeshException">Every tier is lost; the code is that of the last one's failure.</exception>
    ValueTask<ChunkRef> AddChunkAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Adds a finished path. Any number of callers at once, in any order.</summary>
    ValueTask AddFileAsync(BackupFile file, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the backup visible, tier by tier, manifest last. Chunks of older backups that a tier lacks are copied to it first. Cancelled or killed at any point, each tier
    /// holds the whole backup or none of it.
    /// </summary>
    /// <exception cref="DrMeshException">
    /// No tier holds the backup; or <see cref="DrMeshError.RepositoryBackupExists"/>: a backup of this name was committed meanwhile.
    /// </exception>
    Task<BackupCommit> CommitAsync(BackupCompletion completion, CancellationToken cancellationToken = default);
}
