using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.Files.Posix;

/// <summary>System calls .NET has no name for. Each returns as the manual page of its name says; the errno is read with <see cref="Marshal.GetLastPInvokeError"/>.</summary>
internal static partial class Libc
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoDeviceOrAddress = 6;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int RangeError = 34;
    public const int NameTooLong = 36;
    public const int TooManyLinks = 40;
    public const int NoData = 61;
    public const int NotSupported = 95;

    public const int ReadOnly = 0;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int NoAccessTime = 0x40000;
    public const int PathOnly = 0x200000;

    // These two trade places between the architectures.
    public static readonly int DirectoryOnly = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    public static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    public const int CurrentDirectory = -100;
    public const int SymlinkNoFollow = 0x100;
    public const int EmptyPath = 0x1000;
    public const long OmitTime = 0x3ffffffe;

    public const int SeekData = 3;
    public const int SeekHole = 4;

    private const nint SystemCallOpenAt2 = 437;

    /// <summary>Opens <paramref name="path"/> under <paramref name="directory"/>, never outside it and never through a symbolic link. Linux 5.6.</summary>
    public static SafeFileHandle OpenBeneath(SafeFileHandle directory, string path, int flags)
    {
        const ulong NoSymlinks = 0x04;
        const ulong Beneath = 0x08;
        var how = new OpenHow { Flags = (ulong)(flags | CloseOnExec), Resolve = NoSymlinks | Beneath };
        return OpenAt2(SystemCallOpenAt2, directory, path, ref how, 24);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(SafeFileHandle directory, string path, int flags, uint mask, out StatxBuffer status);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ReadLinkAt(SafeFileHandle directory, string path, Span<byte> buffer, nint size);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "listxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ListAttributes(string path, Span<byte> list, nint size);

    [LibraryImport("libc", EntryPoint = "getxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetAttribute(string path, string name, Span<byte> value, nint size);

    [LibraryImport("libc", EntryPoint = "setxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetAttribute(string path, string name, ReadOnlySpan<byte> value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "removexattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveAttribute(string path, string name);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(SafeFileHandle directory, string path, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetTimes(int directory, string path, ReadOnlySpan<TimeSpec> accessedAndModified, int flags);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LinkAt(SafeFileHandle fromDirectory, string from, SafeFileHandle toDirectory, string to, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnlinkAt(SafeFileHandle directory, string path, int flags);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    public static partial int UserById(uint id, Span<byte> entry, Span<byte> buffer, nint size, out nint result);

    [LibraryImport("libc", EntryPoint = "getgrgid_r")]
    public static partial int GroupById(uint id, Span<byte> entry, Span<byte> buffer, nint size, out nint result);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UserByName(string name, Span<byte> entry, Span<byte> buffer, nint size, out nint result);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GroupByName(string name, Span<byte> entry, Span<byte> buffer, nint size, out nint result);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenAt2(nint number, SafeFileHandle directory, string path, ref OpenHow how, nint size);

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary><c>struct timespec</c>.</summary>
    public readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
