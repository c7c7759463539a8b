using System.Runtime.InteropServices;

namespace DrMesh.Engines.Repository.Posix;

/// <summary>System calls .NET has no name for.</summary>
internal static partial class Libc
{
    public const int AlreadyExists = 17;
    private const int OpenDirectory = 0x10000 | 0x80000;

    /// <summary>Gives the file a second name, only if nothing has it; 0, or the errno.</summary>
    public static int Link(string existing, string added) => LinkCore(existing, added) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes the directory's entries durable.</summary>
    public static void SyncDirectory(string directory)
    {
        var descriptor = Open(directory, OpenDirectory);
        if (descriptor < 0)
        {
            throw Failure(directory);
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw Failure(directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Makes all that was written to the directory's file system durable.</summary>
    public static void SyncFileSystem(string directory)
    {
        var descriptor = Open(directory, OpenDirectory);
        if (descriptor < 0)
        {
            throw Failure(directory);
        }

        try
        {
            if (SyncFs(descriptor) != 0)
            {
                throw Failure(directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Sets a path's owner and group without following a link.</summary>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (LchownCore(path, user, group) != 0)
        {
            throw Failure(path);
        }
    }

    private static IOException Failure(string path)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(errno)}: {path}", errno);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkCore(string existing, string added);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LchownCore(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
