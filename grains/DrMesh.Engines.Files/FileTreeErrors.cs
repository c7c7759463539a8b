using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Backups;

namespace DrMesh.Engines.Files;

/// <summary>What this engine reports as a fault.</summary>
internal static class FileTreeErrors
{
    public static DrMeshException TopUnreadable(string directory, string reason) => new(
        DrMeshError.FileTreeUnreadable, $"the file tree {directory} cannot be read: {reason}", "check that the directory exists and that this user may enter it");

    public static DrMeshException TargetUnusable(string directory, string reason) => new(
        DrMeshError.RestoreTargetUnusable, $"{directory} cannot be restored into: {reason}", "give a directory this user may write");

    public static DrMeshException UnsafePath(BackupId backup, string path) => new(
        DrMeshError.FileTreeUnsafePath, $"backup {backup} names the path '{path}', which may lie outside its top",
        "nothing was written; the backup is damaged or was made by something else: verify the repository and restore another one");

    public static DrMeshException PathUnknown(BackupId backup, string path) => new(
        DrMeshError.FileTreePathUnknown, $"backup {backup} has no path '{path}'", "nothing was written; give a path from the tree's top as the backup lists it");

    public static DrMeshException NotATree(BackupId backup, string engine) => new(
        DrMeshError.UsageInvalid, $"backup {backup} was made by {engine}, not by {Core.Backups.Files.FileTreeFacts.Engine}", "restore it with its own engine");

    public static DrMeshException NotesNewer(int version, int known) => new(
        DrMeshError.RepositoryFormatNewer, $"the backup's file notes are of version {version}, this program knows {known}", "use the program that wrote the backup, or a newer one");
}
