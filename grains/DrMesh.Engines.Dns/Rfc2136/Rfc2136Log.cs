using System.Net;
using DrMesh.Contracts.Traffic;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Dns.Rfc2136;

internal static partial class Rfc2136Log
{
    [LoggerMessage(EventId = 9010, Level = LogLevel.Information, Message = "DNS provider {Provider} updated {Count} record sets of zone {Zone} at {Server}")]
    public static partial void Updated(this ILogger logger, string provider, DnsName zone, int count, IPEndPoint server);
}
