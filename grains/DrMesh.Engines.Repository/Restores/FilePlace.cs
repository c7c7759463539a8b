using DrMesh.Core.Backups;

namespace DrMesh.Engines.Repository.Restores;

/// <summary>Makes the file that a restore fills.</summary>
internal static class FilePlace
{
    /// <summary>Makes the file with its length, all holes. On a delta restore a file that is there stays, and what the backup has as a hole is made zeros.</summary>
    public static void Prepare(RestoreFile file, bool delta, RestoreTally tally)
    {
        var info = new FileInfo(file.Path);
        var isThere = delta && info.Exists && info.LinkTarget is null;
        if (delta && !isThere)
        {
            RemoveOther(file.Path);
        }

        using var handle = File.OpenHandle(
            file.Path, isThere ? FileMode.Open : FileMode.CreateNew, isThere ? FileAccess.ReadWrite : FileAccess.Write, FileShare.ReadWrite);
        var before = isThere ? info.Length : 0;
        if (before != file.File.Length)
        {
            RandomAccess.SetLength(handle, file.File.Length);
        }

        long end = 0;
        foreach (var extent in file.File.Extents.Span)
        {
            Clear(handle, end, Math.Min(extent.FileOffset, before), tally);
            end = extent.FileEnd;
        }

        Clear(handle, end, Math.Min(file.File.Length, before), tally);
    }

    /// <summary>Makes a symbolic link, replacing what is there.</summary>
    public static void Link(string path, string target)
    {
        if (new FileInfo(path).LinkTarget == target)
        {
            return;
        }

        RemoveOther(path);
        File.CreateSymbolicLink(path, target);
    }

    private static void RemoveOther(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is null && Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else if (info.LinkTarget is not null || info.Exists)
        {
            File.Delete(path);
        }
    }

    private static void Clear(Microsoft.Win32.SafeHandles.SafeFileHandle handle, long begin, long end, RestoreTally tally)
    {
        if (begin >= end)
        {
            return;
        }

        var buffer = new byte[(int)Math.Min(end - begin, ChunkSize.Usual)];
        while (begin < end)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - begin));
            var read = RandomAccess.Read(handle, part, begin);
            if (read == 0)
            {
                return;
            }

            part = part[..read];
            if (part.ContainsAnyExcept((byte)0))
            {
                part.Clear();
                RandomAccess.Write(handle, part, begin);
                tally.AddWritten(read);
            }

            begin += read;
        }
    }
}
