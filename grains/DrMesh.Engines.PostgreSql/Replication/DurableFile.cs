namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>A small file that is on the disk when its write returns: a new file, fsync, rename, fsync of the directory.</summary>
internal static class DurableFile
{
    /// <summary>Replaces the file.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var fresh = path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }
}
