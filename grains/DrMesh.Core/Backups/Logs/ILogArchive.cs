using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Backups.Logs;

/// <summary>
/// An append-only archive of a source's log (PostgreSQL WAL segments and history files, MongoDB oplog slices) in one tier: each object is compressed, encrypted,
/// checksummed and appears whole or not at all.
/// <para>
/// The intended use: a streamer writes the segment it is filling every second with <see cref="WritePartialAsync"/> and, once full, with
/// <see cref="WriteAsync"/>; after a restart it finds its position with <see cref="LastAsync"/>. A restore reads with <see cref="ReadAsync"/>; a planner lists with
/// <see cref="ListAsync"/> and looks for holes.
/// </para>
/// Safe for any number of callers at once.
/// </summary>
public interface ILogArchive
{
    /// <summary>The source's name.</summary>
    string Source { get; }

    /// <summary>The tier's name.</summary>
    string Tier { get; }

    /// <summary>Writes a complete log object, once; partial ones of the same name are then removed. The same content again is success.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its whole content, up to 1 GiB.</param>
    /// <param name="cancellationToken">Ends waiting; the object may or may not be there afterwards.</param>
    /// <returns>True: written now; false: the same content was there already.</returns>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RepositoryLogConflict"/>: an object of that name has other content.</exception>
    Task<bool> WriteAsync(LogName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes the beginning of an object that is not complete yet; replaces shorter ones of the same name. Nothing happens when a complete or a longer one is there.
    /// </summary>
    Task WritePartialAsync(LogName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Reads an object: the complete one, else the longest partial one; null: neither is there.</summary>
    Task<LogContent?> ReadAsync(LogName name, CancellationToken cancellationToken = default);

    /// <summary>Objects in the order of their names (ordinal), from <paramref name="from"/> on and up to <paramref name="to"/>, both inclusive, null: open. A partial object is listed only when no complete one is there.</summary>
    IAsyncEnumerable<LogEntry> ListAsync(LogName? from = null, LogName? to = null, CancellationToken cancellationToken = default);

    /// <summary>The last object of a group, complete or partial; null: the group is empty.</summary>
    Task<LogEntry?> LastAsync(string group, CancellationToken cancellationToken = default);

    /// <summary>Removes objects with names before <paramref name="before"/> in its group. Returns how many went. The caller has made sure that no kept backup needs them.</summary>
    Task<long> DeleteBeforeAsync(LogName before, CancellationToken cancellationToken = default);
}
