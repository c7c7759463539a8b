using System.Collections.Concurrent;
using DrMesh.Contracts.Databases;

namespace DrMesh.Engines.PostgreSql.Pages;

/// <summary>
/// Pages that failed their check however often they were read. One whose LSN lies inside the backup's time is being written and comes whole from WAL, so it is
/// no damage; that can be told only at the end.
/// </summary>
internal sealed class BadPages(Lsn startLsn)
{
    private readonly ConcurrentQueue<(string Path, uint Block, Lsn Lsn)> _failed = new();

    /// <summary>Notes a page.</summary>
    public void Add(string path, uint block, Lsn lsn) => _failed.Enqueue((path, block, lsn));

    /// <summary>The damaged ones, one sentence each, which begins with the file's path.</summary>
    public IReadOnlyList<string> Describe(Lsn stopLsn) =>
        [.. _failed
            .Where(page => page.Lsn < startLsn || page.Lsn > stopLsn)
            .OrderBy(page => page.Path, StringComparer.Ordinal).ThenBy(page => page.Block)
            .Select(page => $"{page.Path}: page {page.Block} is damaged (its checksum does not match, LSN {page.Lsn})")];

    /// <summary>Whether a sentence is about <paramref name="path"/>.</summary>
    public static bool IsAbout(string sentence, string path) => sentence.StartsWith(path + ": ", StringComparison.Ordinal);
}
