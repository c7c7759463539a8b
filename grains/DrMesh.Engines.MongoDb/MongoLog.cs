using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.MongoDb;

internal static partial class MongoLog
{
    [LoggerMessage(1, LogLevel.Information, "Backup {Backup} of {Set} from {Member}: {Collections} collections, {Documents} documents, oplog {From} to {To}")]
    public static partial void BackedUp(this ILogger logger, string backup, string set, string member, long collections, long documents, string from, string to);

    [LoggerMessage(2, LogLevel.Information, "Restored {Backup}: {Collections} collections, {Documents} documents, {Replayed} operations to {Reached}")]
    public static partial void Restored(this ILogger logger, string backup, long collections, long documents, long replayed, string reached);

    [LoggerMessage(4, LogLevel.Warning, "{Set} was reconfigured at {Member}, forced {IsForced}: {Members}")]
    public static partial void Reconfigured(this ILogger logger, string set, string member, bool isForced, string members);

    [LoggerMessage(3, LogLevel.Warning, "Oplog archive of {Source}: {Kind}, {WaitingBytes} bytes wait: {Reason}")]
    public static partial void ArchiveTrouble(this ILogger logger, string source, string kind, long waitingBytes, string reason);
}
