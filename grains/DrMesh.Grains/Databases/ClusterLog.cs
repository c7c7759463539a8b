using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Sessions;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Databases;

/// <summary>What is logged of clusters.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "cluster {Cluster} is not seen: {Problem}")]
    public static partial void NotSeen(this ILogger logger, ClusterId cluster, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "nothing new is known of {What}: {Problem}")]
    public static partial void NotPolled(this ILogger logger, string what, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "cluster {Cluster} is taken on: {Primary} leads, commits wait for '{Set}'")]
    public static partial void TakenOn(this ILogger logger, ClusterId cluster, string primary, AcknowledgingSet set);

    [LoggerMessage(Level = LogLevel.Information, Message = "commits of cluster {Cluster} wait for '{Set}' from now on, under epoch {Epoch}")]
    public static partial void SetChanged(this ILogger logger, ClusterId cluster, AcknowledgingSet set, long epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the acknowledging set of cluster {Cluster} could not be changed: {Problem}")]
    public static partial void SetNotChanged(this ILogger logger, ClusterId cluster, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Member} of cluster {Cluster} serves beside primary {Primary} of epoch {Epoch}: it is fenced")]
    public static partial void FormerPrimaryFenced(this ILogger logger, ClusterId cluster, string member, string primary, long epoch);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Member} of cluster {Cluster} is back after session {Session}: {Beyond}; what it alone had is kept beside its data")]
    public static partial void LostMoreThanShown(this ILogger logger, ClusterId cluster, string member, SessionId session, string beyond);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Member} of cluster {Cluster} is back after session {Session}: lost {Counted}, shown before the decision {Shown}")]
    public static partial void LossCounted(this ILogger logger, ClusterId cluster, string member, SessionId session, string counted, string shown);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Member} of cluster {Cluster} follows {Primary} again: {Reason}; {Detail}")]
    public static partial void Rejoined(this ILogger logger, ClusterId cluster, string member, string primary, string reason, string? detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Member} of cluster {Cluster} does not rejoin: {Problem}")]
    public static partial void NotRejoined(this ILogger logger, ClusterId cluster, string member, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "the copy {Member} of cluster {Cluster} is at {Lsn}: {Method}")]
    public static partial void CopyRefreshed(this ILogger logger, ClusterId cluster, string member, string? lsn, string? method);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the copy {Member} of cluster {Cluster} falls behind the archive: {Problem}")]
    public static partial void CopyNotRefreshed(this ILogger logger, ClusterId cluster, string member, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the names of {Service} are moved to {Region} after cluster {Cluster}: the session could not ({Problem})")]
    public static partial void NamesMovedAgain(this ILogger logger, ClusterId cluster, string service, Contracts.Regions.RegionId region, string problem);
}
