using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>fsync of a directory, which .NET does not offer: a rename is durable only after it.</summary>
internal static partial class DirectorySync
{
    private const int ReadOnlyDirectory = 0x10000;

    public static void Flush(string directory)
    {
        var descriptor = Open(directory, ReadOnlyDirectory);
        if (descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
