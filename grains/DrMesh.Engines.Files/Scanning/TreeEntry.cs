using DrMesh.Engines.Files.Posix;

namespace DrMesh.Engines.Files.Scanning;

/// <summary>One path found in a tree, with its status at that moment.</summary>
internal sealed record TreeEntry(string Path, FileStatus Status);
