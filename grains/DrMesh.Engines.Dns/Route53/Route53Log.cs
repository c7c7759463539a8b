using DrMesh.Contracts.Traffic;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Dns.Route53;

internal static partial class Route53Log
{
    [LoggerMessage(EventId = 9020, Level = LogLevel.Information, Message = "DNS provider {Provider} changed {Count} record sets of zone {Zone} as change {Change}")]
    public static partial void Changed(this ILogger logger, string provider, DnsName zone, int count, string change);
}
