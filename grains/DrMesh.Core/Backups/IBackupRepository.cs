using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.Core.Backups;

/// <summary>
/// Backups and log archives in one or several tiers (stores that hold the same objects). Needs no silo and no control store. Safe for several processes at
/// once: two writers, a writer and a garbage collector.
/// </summary>
public interface IBackupRepository : IAsyncDisposable
{
    /// <summary>The tiers' names, preferred first.</summary>
    IReadOnlyList<string> Tiers { get; }

    /// <summary>All committed backups of every reachable tier, by name; for <paramref name="source"/> only when given.</summary>
    IAsyncEnumerable<BackupSummary> ListAsync(string? source = null, CancellationToken cancellationToken = default);

    /// <summary>One backup, or null when no tier has it.</summary>
    Task<BackupSummary?> FindAsync(BackupId id, CancellationToken cancellationToken = default);

    /// <summary>Opens a committed backup.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryBackupUnknown"/>.</exception>
    Task<IBackupReader> OpenAsync(BackupId id, CancellationToken cancellationToken = default);

    /// <summary>Begins a backup. A tier that cannot be written is lost at once and shown in <see cref="IBackupWriter.LostTiers"/>.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryBackupExists"/>: a backup of this name is committed already.</exception>
    Task<IBackupWriter> BeginAsync(BackupDraft draft, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a backup from the list of every tier. Its chunks go with a later <see cref="CollectGarbageAsync"/>, those that other backups share stay. "Not there" is success.
    /// </summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryObjectLocked"/>: an object lock holds it.</exception>
    Task DeleteAsync(BackupId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// The log archive of one source in one tier. A writer of logs keeps one position a tier, so that a tier that is away holds up no other.
    /// </summary>
    ILogArchive OpenLog(string source, string tier);

    /// <summary>Reads and checks objects; see <see cref="VerifyRequest"/>. Damage is reported, never thrown.</summary>
    Task<VerifyReport> VerifyAsync(VerifyRequest request, IProgress<VerifyProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Copies what one tier has and another lacks; resumable: what is already there is not copied again.</summary>
    Task<CopyReport> CopyAsync(CopyRequest request, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Frees what no backup refers to, in two phases: a pack is first condemned, and removed by a run at least <see cref="GarbageRequest.Grace"/> later if still nobody refers to
    /// it. A writer that works meanwhile loses nothing.
    /// </summary>
    Task<GarbageReport> CollectGarbageAsync(GarbageRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Wraps the repository's keys under another key-encryption key; content is not touched. Repeatable. Afterwards the repository is opened with the new key. Writers that began under the
    /// old key should have ended; a second run finishes what they left.
    /// </summary>
    /// <param name="newKey">The new key's address, as <see cref="TierAddress.Key"/>.</param>
    /// <param name="keepOld">Whether the old key still opens the repository afterwards.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task<KeyRotationReport> RotateKeyAsync(string newKey, bool keepOld, CancellationToken cancellationToken = default);
}
