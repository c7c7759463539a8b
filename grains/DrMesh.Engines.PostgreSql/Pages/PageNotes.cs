using System.IO.Hashing;
using System.Runtime.InteropServices;
using DrMesh.Core.Backups;
using DrMesh.Engines.PostgreSql.Backup;

namespace DrMesh.Engines.PostgreSql.Pages;

/// <summary>
/// What a backup keeps beside each file for the next one: a 64-bit fingerprint (XXH3) of each page, in order, then the file's identity. A page whose
/// fingerprint is the same and whose LSN is older than the parent backup is the same page; a fingerprint alone would do but for its one chance in 2⁶⁴.
/// </summary>
/// <param name="Fingerprints">One a page; empty for files that are not made of pages.</param>
/// <param name="Identity">The file as the backup saw it.</param>
internal sealed record PageNotes(ulong[] Fingerprints, FileIdentity Identity)
{
    /// <summary>The fingerprint of a page.</summary>
    public static ulong Fingerprint(ReadOnlySpan<byte> page) => XxHash3.HashToUInt64(page);

    /// <summary>Reads a file's notes; null when it has none, or of another form.</summary>
    public static async ValueTask<PageNotes?> ReadAsync(IBackupReader reader, BackupFile file, CancellationToken cancellationToken)
    {
        var length = 0;
        foreach (var slice in file.Notes.Span)
        {
            length += slice.Length;
        }

        if (length < FileIdentity.StoredSize || (length - FileIdentity.StoredSize) % sizeof(ulong) != 0)
        {
            return null;
        }

        var bytes = new byte[length];
        var done = 0;
        for (var part = 0; part < file.Notes.Length; part++)
        {
            var slice = file.Notes.Span[part];
            await reader.ReadAsync(slice, bytes.AsMemory(done, slice.Length), cancellationToken);
            done += slice.Length;
        }

        var pages = length - FileIdentity.StoredSize;
        return FileIdentity.TryRead(bytes.AsSpan(pages)) is { } identity
            ? new PageNotes(MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan(0, pages)).ToArray(), identity)
            : null;
    }

    /// <summary>Stores a file's notes.</summary>
    /// <param name="gatherer">The worker's gatherer.</param>
    /// <param name="content">The file.</param>
    /// <param name="fingerprints">One a page.</param>
    /// <param name="identity">The file as seen before it was read.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public static async ValueTask WriteAsync(
        PieceGatherer gatherer, FileContent content, ReadOnlyMemory<ulong> fingerprints, FileIdentity identity, CancellationToken cancellationToken)
    {
        var bytes = new byte[(fingerprints.Length * sizeof(ulong)) + FileIdentity.StoredSize];
        MemoryMarshal.AsBytes(fingerprints.Span).CopyTo(bytes);
        identity.Write(bytes.AsSpan(fingerprints.Length * sizeof(ulong)));
        await gatherer.AddNotesAsync(bytes, content, cancellationToken);
    }
}
