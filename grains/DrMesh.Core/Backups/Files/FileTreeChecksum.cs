namespace DrMesh.Core.Backups.Files;

/// <summary>
/// One value for a whole tree, whatever order it is read in. Covers each path, its kind, permission bits, length, content and link target; not owners, times and extended
/// attributes, which a restore as another user or onto another file system may be unable to keep.
/// </summary>
/// <param name="Value">64 hexadecimal digits.</param>
/// <param name="Files">Regular files counted, each name of a hard-linked file once.</param>
/// <param name="Directories">Directories, the top left out.</param>
/// <param name="SymbolicLinks">Symbolic links.</param>
/// <param name="Bytes">Sum of the files' lengths, holes included.</param>
/// <param name="Problems">What could not be read, one sentence each; the value then covers the rest.</param>
public sealed record FileTreeChecksum(string Value, long Files, long Directories, long SymbolicLinks, long Bytes, IReadOnlyList<string> Problems);
