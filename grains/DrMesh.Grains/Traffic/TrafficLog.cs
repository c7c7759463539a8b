using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Traffic;

internal static partial class TrafficLog
{
    [LoggerMessage(EventId = 9100, Level = LogLevel.Information, Message = "Service {Service}: switch {Operation} from {From} to {To} under epoch {Epoch} accepted: {Reason}")]
    public static partial void Accepted(this ILogger logger, ServiceId service, string operation, RegionId? from, RegionId to, long epoch, string reason);

    [LoggerMessage(EventId = 9101, Level = LogLevel.Warning, Message = "Service {Service}: switch {Operation} refused: {Reason}")]
    public static partial void Refused(this ILogger logger, ServiceId service, string operation, string reason);

    [LoggerMessage(EventId = 9102, Level = LogLevel.Information, Message = "Service {Service}: switch {Operation} went from {From} to {To}: {Detail}")]
    public static partial void Advanced(this ILogger logger, ServiceId service, string operation, TrafficPhase from, TrafficPhase to, string detail);

    [LoggerMessage(EventId = 9103, Level = LogLevel.Error, Message = "Service {Service}: the work on its switch stopped; it is taken up again from what is recorded")]
    public static partial void WorkFailed(this ILogger logger, ServiceId service, Exception fault);

    [LoggerMessage(EventId = 9104, Level = LogLevel.Warning, Message = "Service {Service}: no reminder is kept of its switch yet; whoever ordered it asks again")]
    public static partial void NotRemembered(this ILogger logger, ServiceId service, Exception late);

    [LoggerMessage(EventId = 9105, Level = LogLevel.Information, Message = "Service {Service}: switch {Operation} is carried on by the service's grain")]
    public static partial void Overtaken(this ILogger logger, ServiceId service, string operation, Exception overtaken);
}
