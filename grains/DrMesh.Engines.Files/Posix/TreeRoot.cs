using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.Files.Posix;

/// <summary>
/// An open directory, under which paths are opened without ever leaving it or passing through a symbolic link, whatever somebody does to the tree meanwhile (openat2(2)).
/// </summary>
internal sealed class TreeRoot : IDisposable
{
    private readonly SafeFileHandle _root;

    private TreeRoot(SafeFileHandle root) => _root = root;

    /// <summary>Opens the top. The top itself may be reached through symbolic links: whoever configured it chose it.</summary>
    /// <exception cref="PosixException">It cannot be read.</exception>
    public static TreeRoot Open(string directory)
    {
        var handle = Libc.Open(directory, Libc.ReadOnly | Libc.DirectoryOnly | Libc.CloseOnExec);
        return handle.IsInvalid ? throw PosixException.Last() : new TreeRoot(handle);
    }

    /// <summary>A handle that only names a path: its status, link target, attributes and metadata can be reached through it, its content not.</summary>
    /// <exception cref="PosixException">There is nothing of that name, or it cannot be reached.</exception>
    public SafeFileHandle OpenName(string path) => OpenBeneath(path, Libc.PathOnly | Libc.NoFollow);

    /// <summary>A directory, open for listing.</summary>
    /// <exception cref="PosixException">It is not a directory any more, or cannot be read.</exception>
    public SafeFileHandle OpenDirectory(string path) => OpenBeneath(path, Libc.ReadOnly | Libc.DirectoryOnly | Libc.NoFollow);

    /// <summary>A file, open for reading, its access time kept where that is allowed. Does not block on a FIFO.</summary>
    /// <exception cref="PosixException">It cannot be read.</exception>
    public SafeFileHandle OpenFile(string path)
    {
        const int Flags = Libc.ReadOnly | Libc.NonBlocking;
        try
        {
            return OpenBeneath(path, Flags | Libc.NoFollow | Libc.NoAccessTime);
        }
        catch (PosixException exception) when (exception.Errno == Libc.NotPermitted)
        {
            // Only a file's owner may leave its access time as it is.
            return OpenBeneath(path, Flags | Libc.NoFollow);
        }
    }

    /// <summary>The target of a symbolic link, as the link holds it.</summary>
    public static string ReadLink(SafeFileHandle link)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var length = Libc.ReadLinkAt(link, "", buffer, buffer.Length);
        return length < 0 ? throw PosixException.Last() : Encoding.UTF8.GetString(buffer[..(int)length]);
    }

    /// <summary>Makes <paramref name="to"/> another name of the file <paramref name="from"/>.</summary>
    public void Link(string from, string to)
    {
        using var fromParent = OpenParent(from);
        using var toParent = OpenParent(to);
        if (Libc.LinkAt(fromParent, NameOf(from), toParent, NameOf(to), 0) != 0)
        {
            throw PosixException.Last();
        }
    }

    /// <summary>Removes a name that is not a directory; "not there" is success.</summary>
    public void Unlink(string path)
    {
        using var parent = OpenParent(path);
        if (Libc.UnlinkAt(parent, NameOf(path), 0) != 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() is not Libc.NoEntry)
        {
            throw PosixException.Last();
        }
    }

    /// <summary>The status of a path, or null when there is nothing, or only something behind a symbolic link.</summary>
    public FileStatus? Find(string path)
    {
        try
        {
            using var handle = OpenName(path);
            return FileStatus.Of(handle);
        }
        catch (PosixException exception) when (exception.Errno is Libc.NoEntry or Libc.NotDirectory or Libc.TooManyLinks)
        {
            return null;
        }
    }

    /// <summary>A path by which calls that take only paths reach exactly what the handle stands for.</summary>
    public static string PathOf(SafeFileHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    private SafeFileHandle OpenParent(string path)
    {
        var slash = path.LastIndexOf('/');
        return OpenBeneath(slash < 0 ? "" : path[..slash], Libc.PathOnly | Libc.DirectoryOnly);
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private SafeFileHandle OpenBeneath(string path, int flags)
    {
        var handle = Libc.OpenBeneath(_root, path.Length == 0 ? "." : path, flags);
        return handle.IsInvalid ? throw PosixException.Last() : handle;
    }
}
