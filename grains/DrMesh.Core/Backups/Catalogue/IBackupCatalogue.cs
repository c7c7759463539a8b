using DrMesh.Contracts.Backups;

namespace DrMesh.Core.Backups.Catalogue;

/// <summary>
/// What backups there are, one row each in the control store. A row follows its manifest and may be behind for a moment: the repositories are the truth, and the rows can be written anew from them.
/// Every operation is safe to repeat.
/// </summary>
public interface IBackupCatalogue
{
    /// <summary>Writes the rows of committed backups; one that is there is replaced.</summary>
    Task RecordAsync(IReadOnlyCollection<BackupSummary> backups, CancellationToken cancellationToken);

    /// <summary>Removes rows of one source. "Not there" is success.</summary>
    Task ForgetAsync(string source, IReadOnlyCollection<BackupId> backups, CancellationToken cancellationToken);

    /// <summary>Rows, the newest first; roots are not kept in them.</summary>
    Task<IReadOnlyList<BackupSummary>> ListAsync(CatalogueQuery query, CancellationToken cancellationToken);

    /// <summary>A mark by the store's clock: rows written after it were written while a rebuild read the repositories.</summary>
    Task<DateTimeOffset> MarkAsync(CancellationToken cancellationToken);

    /// <summary>
    /// In one transaction: writes the rows of what was found, and removes those that were not, unless they were written after <paramref name="mark"/> or name a tier that was not read.
    /// </summary>
    /// <param name="found">Every backup of every repository that could be read.</param>
    /// <param name="unread">The repositories that could not.</param>
    /// <param name="mark">What <see cref="MarkAsync"/> gave before the first one was read.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task<CatalogueChange> ReplaceAsync(IReadOnlyCollection<BackupSummary> found, IReadOnlyCollection<string> unread, DateTimeOffset mark, CancellationToken cancellationToken);
}
