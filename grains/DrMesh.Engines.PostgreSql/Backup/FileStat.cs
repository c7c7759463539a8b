using System.Runtime.InteropServices;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>A path's metadata in one system call (<c>statx</c>): .NET gives neither the inode nor the change time.</summary>
internal static partial class FileStat
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int NotFound = 2;
    private const int NotDirectory = 20;

    /// <summary>The kinds of <see cref="Entry.Kind"/>: the type bits of the mode.</summary>
    public const int TypeFile = 0x8000, TypeDirectory = 0x4000, TypeLink = 0xA000;

    /// <summary>The metadata of <paramref name="path"/>, of a link itself; null when nothing is there.</summary>
    /// <exception cref="IOException">It cannot be asked.</exception>
    public static unsafe Entry? TryGet(string path, bool followLink = false)
    {
        // The structure is 256 bytes and the same on every architecture; only the fields below are read.
        var buffer = stackalloc byte[256];
        if (Statx(CurrentDirectory, path, followLink ? 0 : NoFollow, BasicStats, buffer) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is NotFound or NotDirectory ? null : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        var mode = *(ushort*)(buffer + 28);
        return new Entry(
            mode & 0xF000,
            (UnixFileMode)(mode & 0xFFF),
            *(ulong*)(buffer + 32),
            *(long*)(buffer + 40),
            Nanos(buffer + 112),
            Nanos(buffer + 96));
    }

    private static unsafe long Nanos(byte* time) => (*(long*)time * 1_000_000_000) + *(uint*)(time + 8);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, byte* buffer);

    /// <summary>What a path is.</summary>
    internal readonly record struct Entry(int Kind, UnixFileMode Mode, ulong Inode, long Length, long ModifiedNanos, long ChangedNanos)
    {
        public DateTimeOffset ModifiedAt => DateTimeOffset.UnixEpoch.AddTicks(ModifiedNanos / 100);
    }
}
