using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Sessions;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Recovery;

/// <summary>What is logged of failovers that begin by themselves, or do not.</summary>
internal static partial class RecoveryLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "failover of {Application} begins as {Session}: {Evidence}")]
    public static partial void FailoverBegun(this ILogger logger, string application, SessionId session, string evidence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "no failover of {Application} begins: {Reason}")]
    public static partial void FailoverNotBegun(this ILogger logger, string application, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the failover of {Application} could not be gone through beforehand, and would meet the same: {Problem}")]
    public static partial void NotRehearsed(this ILogger logger, string application, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "former member {Host} of {Set} is {State} under configuration {Version}, before {Below}: it is stopped")]
    public static partial void FormerMemberStopped(this ILogger logger, ClusterId set, string host, string state, long version, long below);

    [LoggerMessage(Level = LogLevel.Warning, Message = "former member {Host} of {Set} could not be looked after: {Problem}")]
    public static partial void FormerMemberNotSeen(this ILogger logger, ClusterId set, string host, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "hook {Hook} was not told that session {Session} came to {Phase}: {Problem}")]
    public static partial void NotTold(this ILogger logger, SessionId session, string hook, string phase, string problem);
}
