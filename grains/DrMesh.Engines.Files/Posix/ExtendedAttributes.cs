using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.Files.Posix;

/// <summary>Extended attributes (xattr(7)); access control lists and file capabilities are among them.</summary>
internal static class ExtendedAttributes
{
    private const int LargestValue = 65536;

    /// <summary>All attributes in the order of their names; none where the file system knows none.</summary>
    /// <exception cref="PosixException">They cannot be read.</exception>
    public static IReadOnlyList<(string Name, byte[] Value)> Read(SafeFileHandle handle)
    {
        var path = TreeRoot.PathOf(handle);
        var size = Libc.ListAttributes(path, default, 0);
        if (size == 0 || (size < 0 && Marshal.GetLastPInvokeError() == Libc.NotSupported))
        {
            return [];
        }

        var list = new byte[LargestValue];
        size = Libc.ListAttributes(path, list, list.Length);
        if (size < 0)
        {
            throw PosixException.Last();
        }

        var found = new List<(string, byte[])>();
        var names = Encoding.UTF8.GetString(list, 0, (int)size).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(names, StringComparer.Ordinal);
        var value = new byte[LargestValue];
        foreach (var name in names)
        {
            var length = Libc.GetAttribute(path, name, value, value.Length);
            if (length >= 0)
            {
                found.Add((name, value[..(int)length]));
            }
            else if (Marshal.GetLastPInvokeError() is not (Libc.NoData or Libc.NotSupported))
            {
                throw PosixException.Last();
            }
        }

        return found;
    }

    /// <summary>Sets one attribute.</summary>
    /// <exception cref="PosixException">The file system or the rights do not allow it.</exception>
    public static void Set(SafeFileHandle handle, string name, byte[] value)
    {
        if (Libc.SetAttribute(TreeRoot.PathOf(handle), name, value, value.Length, 0) != 0)
        {
            throw PosixException.Last();
        }
    }

    /// <summary>Removes one attribute.</summary>
    /// <exception cref="PosixException">The file system or the rights do not allow it.</exception>
    public static void Remove(SafeFileHandle handle, string name)
    {
        if (Libc.RemoveAttribute(TreeRoot.PathOf(handle), name) != 0)
        {
            throw PosixException.Last();
        }
    }
}
