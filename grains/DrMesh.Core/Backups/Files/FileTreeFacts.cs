namespace DrMesh.Core.Backups.Files;

/// <summary>Names of the facts a file-tree backup records in its manifest (<see cref="BackupSummary.Facts"/>).</summary>
public static class FileTreeFacts
{
    /// <summary><see cref="BackupSummary.Engine"/> of file-tree backups.</summary>
    public const string Engine = "files";

    /// <summary>The tree's top on the source.</summary>
    public const string Directory = "directory";

    /// <summary>Mode, owner and group of the tree's top, as <c>0750 alice:staff</c>.</summary>
    public const string Top = "top";

    /// <summary><see cref="FileTreeChecksum.Value"/> of what was recorded.</summary>
    public const string Checksum = "treeChecksum";

    /// <summary>Number of directories.</summary>
    public const string Directories = "directories";

    /// <summary>Number of symbolic links.</summary>
    public const string SymbolicLinks = "symbolicLinks";

    /// <summary>Number of names that are hard links to a file recorded under another name.</summary>
    public const string HardLinks = "hardLinks";

    /// <summary>Number of paths that could not be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Number of paths that changed during every attempt to read them.</summary>
    public const string Unsettled = "unsettled";
}
