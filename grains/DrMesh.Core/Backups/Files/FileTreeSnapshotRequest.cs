namespace DrMesh.Core.Backups.Files;

/// <summary>What to snapshot.</summary>
public sealed record FileTreeSnapshotRequest
{
    /// <summary>
    /// The backup to make; its engine is <c>files</c>. With a <see cref="BackupDraft.Parent"/>, content whose size, modification time, change time and inode are as in the parent is
    /// not read again.
    /// </summary>
    public required BackupDraft Draft { get; init; }

    /// <summary>The tree.</summary>
    public required FileTreeScan Scan { get; init; }
}
