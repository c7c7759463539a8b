using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>What is logged of continuous archives.</summary>
internal static partial class ArchiveLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "the archive of {Cluster} streams from {Source}")]
    public static partial void ArchiveStarted(this ILogger logger, ClusterId cluster, NodeId source);

    [LoggerMessage(Level = LogLevel.Information, Message = "the oplog archive of {Cluster} begins")]
    public static partial void OplogArchiveStarted(this ILogger logger, ClusterId cluster);

    [LoggerMessage(Level = LogLevel.Information, Message = "the archive of {Cluster} ends here on request")]
    public static partial void ArchiveStopped(this ILogger logger, ClusterId cluster);

    [LoggerMessage(Level = LogLevel.Error, Message = "the archive of {Cluster} ended by a fault; it is begun anew within seconds")]
    public static partial void ArchiveFailed(this ILogger logger, ClusterId cluster, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "the server of {Cluster} keeps no more WAL for the archive: its slot's limit is used up; bring the tiers back, or make room and raise slotLimit")]
    public static partial void SlotLimitBreached(this ILogger logger, ClusterId cluster);

    [LoggerMessage(Level = LogLevel.Error, Message = "the archive of {Cluster} has a gap until the next base backup: {Gap}")]
    public static partial void ArchiveHasGap(this ILogger logger, ClusterId cluster, string gap);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the archive of {Cluster} could not be looked after")]
    public static partial void ArchiveNotEnsured(this ILogger logger, ClusterId cluster, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the clusters to archive are not known: the estate could not be read")]
    public static partial void EstateNotRead(this ILogger logger, Exception fault);
}
