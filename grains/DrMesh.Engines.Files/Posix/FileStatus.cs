using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.Files.Posix;

/// <summary>What the file system says of one path, links not followed.</summary>
internal readonly record struct FileStatus
{
    private const int TypeBits = 0xF000;
    private const uint BasicFields = 0x7ff;

    public EntryKind Kind { get; init; }

    public UnixFileMode Mode { get; init; }

    public long Length { get; init; }

    public ulong Inode { get; init; }

    public ulong Device { get; init; }

    public uint Links { get; init; }

    public uint User { get; init; }

    public uint Group { get; init; }

    public FileTime ModifiedAt { get; init; }

    public FileTime ChangedAt { get; init; }

    /// <summary>Whether nothing that a backup keeps has changed between two looks at one path. The change time moves with every change of content, mode, owner or attribute.</summary>
    public bool IsSameAs(in FileStatus other) =>
        Kind == other.Kind && Inode == other.Inode && Length == other.Length && ModifiedAt == other.ModifiedAt && ChangedAt == other.ChangedAt;

    /// <summary>The status of an open file; of the file a path-only handle stands for.</summary>
    /// <exception cref="PosixException">The call failed.</exception>
    public static FileStatus Of(SafeFileHandle handle) =>
        TryGet(handle, "", Libc.EmptyPath) ?? throw PosixException.Last();

    /// <summary>The status of a name in an open directory; null, with the errno set, when it cannot be had.</summary>
    public static FileStatus? Of(SafeFileHandle directory, string name) => TryGet(directory, name, Libc.SymlinkNoFollow);

    private static FileStatus? TryGet(SafeFileHandle directory, string path, int flags)
    {
        if (Libc.Statx(directory, path, flags, BasicFields, out var status) != 0)
        {
            return null;
        }

        return new FileStatus
        {
            Kind = (EntryKind)(status.Mode & TypeBits),
            Mode = (UnixFileMode)(status.Mode & ~TypeBits),
            Length = (EntryKind)(status.Mode & TypeBits) == EntryKind.File ? (long)status.Size : 0,
            Inode = status.Inode,
            Device = ((ulong)status.DeviceMajor << 32) | status.DeviceMinor,
            Links = status.Links,
            User = status.User,
            Group = status.Group,
            ModifiedAt = new FileTime(status.ModifiedSeconds, status.ModifiedNanoseconds),
            ChangedAt = new FileTime(status.ChangedSeconds, status.ChangedNanoseconds),
        };
    }
}
