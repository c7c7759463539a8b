using DrMesh.Contracts.Databases;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Agents;

/// <summary>What is logged of leases.</summary>
internal static partial class LeaseLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "the lease of {Member} of cluster {Cluster}: {Outcome}")]
    public static partial void LeaseChanged(this ILogger logger, ClusterId cluster, string member, LeaseOutcome outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Member} of cluster {Cluster} could renew its lease neither in the control store nor by a majority of agents: it is stopped")]
    public static partial void LeaseLapsed(this ILogger logger, ClusterId cluster, string member);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Member} of cluster {Cluster} holds no lease and could not be stopped: {Problem}")]
    public static partial void LeaseNotFenced(this ILogger logger, ClusterId cluster, string member, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Member} of cluster {Cluster} holds its lease again: {Detail}")]
    public static partial void LeaseResumed(this ILogger logger, ClusterId cluster, string member, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Member} of cluster {Cluster} holds its lease again and does not serve: {Problem}")]
    public static partial void LeaseNotResumed(this ILogger logger, ClusterId cluster, string member, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Member} of cluster {Cluster} holds a lease and would outlive its agent: {Problem}")]
    public static partial void LeaseNotGuarded(this ILogger logger, ClusterId cluster, string member, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "whether {Member} of cluster {Cluster} needs a lease is not known: {Problem}")]
    public static partial void LeaseNotKept(this ILogger logger, ClusterId cluster, string member, string problem);
}
