namespace DrMesh.Console.Commands.Wal;

/// <summary>Segments fetched ahead, in a directory of the calling user. A file there is whole; taking it removes it.</summary>
internal sealed class WalSpool
{
    /// <summary>Segments fetched ahead at most.</summary>
    public const int Depth = 16;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Opens the spool of a cluster.</summary>
    public WalSpool(string cluster)
    {
        var root = Environment.GetEnvironmentVariable("DRMESH_WAL_SPOOL") is { Length: > 0 } given ? given : Path.Combine(Path.GetTempPath(), $"drmesh-wal-{Environment.UserName}");
        Folder = Path.Combine(root, cluster);
        Directory.CreateDirectory(Folder, OwnerOnly);
    }

    /// <summary>The directory.</summary>
    public string Folder { get; }

    /// <summary>Whether half of it is used up.</summary>
    public bool IsLow => Directory.EnumerateFiles(Folder).Count(file => !Path.GetFileName(file).StartsWith('.')) < Depth / 2;

    /// <summary>Moves a file to <paramref name="target"/>; false: it is not here.</summary>
    public bool TryTake(string name, string target)
    {
        try
        {
            File.Move(Path.Combine(Folder, name), target, overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Writes a file that appears whole.</summary>
    public static async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Environment.ProcessId}");
        await File.WriteAllBytesAsync(temporary, content, cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes everything that will not be asked for any more.</summary>
    /// <param name="names">What stays.</param>
    public void RemoveAllBut(IReadOnlySet<string> names)
    {
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            if (!names.Contains(Path.GetFileName(file)))
            {
                File.Delete(file);
            }
        }
    }
}
