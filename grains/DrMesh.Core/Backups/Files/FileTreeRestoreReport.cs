namespace DrMesh.Core.Backups.Files;

/// <summary>What a restore of a file tree did.</summary>
public sealed record FileTreeRestoreReport
{
    /// <summary>Contents: bytes written, found right, removed paths.</summary>
    public required RestoreReport Content { get; init; }

    /// <summary>Names made or found as hard links to a restored file.</summary>
    public required long HardLinks { get; init; }

    /// <summary>Metadata that could not be set (an owner without being root, an attribute the file system does not know), one sentence each. Empty: all is as it was.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
