using System.Buffers.Binary;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>
/// What tells whether a file is still the one a backup read, without reading it: size, inode, and the times of its last change. It stands at the end of the file's notes.
/// </summary>
/// <param name="Inode">The inode number.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ModifiedNanos">Last change of content, nanoseconds since 1970.</param>
/// <param name="ChangedNanos">Last change of content or metadata; no program can set it back.</param>
/// <param name="IsSettled">
/// Whether the file had not been written for a while when it was read. A file written at the very time can change again within one tick of the file system's clock and
/// keep its times, so such times are not trusted.
/// </param>
internal readonly record struct FileIdentity(ulong Inode, long Length, long ModifiedNanos, long ChangedNanos, bool IsSettled)
{
    /// <summary>Bytes of the stored form.</summary>
    public const int StoredSize = 40;

    private const uint Magic = 0x31464750; // "PGF1"

    /// <summary>Whether a file seen now under this identity can be taken as unchanged since a backup noted <paramref name="noted"/>.</summary>
    public bool IsUnchangedSince(FileIdentity noted) =>
        noted.IsSettled && Inode == noted.Inode && Length == noted.Length && ModifiedNanos == noted.ModifiedNanos && ChangedNanos == noted.ChangedNanos;

    /// <summary>Writes the stored form.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], IsSettled ? 1u : 0u);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], Inode);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], ModifiedNanos);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], ChangedNanos);
    }

    /// <summary>Reads the stored form; null when it is another one.</summary>
    public static FileIdentity? TryRead(ReadOnlySpan<byte> source) =>
        source.Length < StoredSize || BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic
            ? null
            : new FileIdentity(
                BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
                BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
                (BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) & 1) != 0);
}
