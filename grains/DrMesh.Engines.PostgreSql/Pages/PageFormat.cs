using System.Buffers.Binary;
using DrMesh.Contracts.Databases;

namespace DrMesh.Engines.PostgreSql.Pages;

/// <summary>The fields of a data page's header DrMesh reads. Source: the server's <c>bufpage.h</c>; little-endian machines only, like the servers it backs up.</summary>
internal static class PageFormat
{
    /// <summary>Bytes of a page (BLCKSZ); a server built with another size is refused.</summary>
    public const int Size = 8192;

    private const int ChecksumOffset = 8;
    private const int UpperOffset = 14;

    /// <summary>The position after the last WAL record that changed the page.</summary>
    public static Lsn Lsn(ReadOnlySpan<byte> page) =>
        new(((ulong)BinaryPrimitives.ReadUInt32LittleEndian(page) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(page[4..]));

    /// <summary>The checksum stored in the page; meaningful when the cluster has data checksums.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt16LittleEndian(page[ChecksumOffset..]);

    /// <summary>Whether the page was never initialised (<c>PageIsNew</c>): it carries no checksum and must be all zeros.</summary>
    public static bool IsNew(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt16LittleEndian(page[UpperOffset..]) == 0;

    /// <summary>Whether the page is as the server would accept it (<c>PageIsVerified</c>).</summary>
    public static bool IsValid(ReadOnlySpan<byte> page, uint block) =>
        IsNew(page) ? !page.ContainsAnyExcept((byte)0) : Checksum(page) == PageChecksum.Compute(page, block);
}
