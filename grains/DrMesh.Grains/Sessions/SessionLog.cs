using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(1400, LogLevel.Information, "session {Session}: {Rule} {From} -> {To}: {Reason}")]
    public static partial void Moved(this ILogger logger, SessionId session, string rule, string from, string to, string reason);

    [LoggerMessage(1401, LogLevel.Information, "session {Session} ended {Status}: {Outcome}")]
    public static partial void Ended(this ILogger logger, SessionId session, SessionStatus status, string? outcome);

    [LoggerMessage(1402, LogLevel.Information, "session {Session}: input dropped: {Reason}")]
    public static partial void Dropped(this ILogger logger, SessionId session, string reason);

    [LoggerMessage(1403, LogLevel.Warning, "session {Session}: its state could not be stored, this activation gives it up")]
    public static partial void GaveUp(this ILogger logger, SessionId session, Exception failure);

    [LoggerMessage(1404, LogLevel.Warning, "session {Session}: step {Key} threw")]
    public static partial void StepThrew(this ILogger logger, SessionId session, StepKey key, Exception failure);

    [LoggerMessage(1405, LogLevel.Warning, "the session table could not be reached: {What}")]
    public static partial void TableUnreachable(this ILogger logger, string what, Exception failure);

    [LoggerMessage(1406, LogLevel.Information, "session {Session} is run by nobody; waking it")]
    public static partial void Waking(this ILogger logger, SessionId session);

    [LoggerMessage(1407, LogLevel.Warning, "session {Session} could not be woken")]
    public static partial void WakeFailed(this ILogger logger, SessionId session, Exception failure);
}
