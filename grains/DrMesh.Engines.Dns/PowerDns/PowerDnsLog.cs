using DrMesh.Contracts.Traffic;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Dns.PowerDns;

internal static partial class PowerDnsLog
{
    [LoggerMessage(EventId = 9000, Level = LogLevel.Information, Message = "DNS provider {Provider} changed {Count} record sets of zone {Zone}")]
    public static partial void Changed(this ILogger logger, string provider, DnsName zone, int count);
}
