using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Work;

/// <summary>What is logged of ordered work.</summary>
internal static partial class WorkLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "work {Key} starts here")]
    public static partial void WorkStarted(this ILogger logger, string key);

    [LoggerMessage(Level = LogLevel.Information, Message = "work {Key} is done")]
    public static partial void WorkDone(this ILogger logger, string key);

    [LoggerMessage(Level = LogLevel.Information, Message = "work {Key} was stopped on request")]
    public static partial void WorkStopped(this ILogger logger, string key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "work {Key} failed")]
    public static partial void WorkFailed(this ILogger logger, string key, Exception failure);
}
