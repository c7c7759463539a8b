using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Files;

internal static partial class FileTreeLog
{
    [LoggerMessage(1, LogLevel.Information, "Snapshot {Backup} of {Directory}: {Files} files, {Unchanged} of them unchanged, checksum {Checksum}, {Unreadable} unreadable, {Unsettled} unsettled")]
    public static partial void Snapshotted(
        this ILogger logger, string backup, string directory, long files, long unchanged, string checksum, long unreadable, long unsettled);

    [LoggerMessage(2, LogLevel.Information, "Restored {Backup} into {Directory}: {Files} paths, {WrittenBytes} of {TotalBytes} bytes written, {Warnings} warnings")]
    public static partial void Restored(this ILogger logger, string backup, string directory, long files, long writtenBytes, long totalBytes, int warnings);
}
