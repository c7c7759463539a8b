using System.Net;

namespace DrMesh.Engines.Dns;

/// <summary>Reads <c>host</c>, <c>host:port</c> and <c>[address]:port</c>; the port is 53 when none is given.</summary>
internal static class EndPoints
{
    private const int DnsPort = 53;

    public static bool TrySplit(string text, out string host, out int port)
    {
        (host, port) = ("", DnsPort);
        if (IPEndPoint.TryParse(text, out var endPoint))
        {
            (host, port) = (endPoint.Address.ToString(), endPoint.Port == 0 ? DnsPort : endPoint.Port);
            return true;
        }

        var colon = text.LastIndexOf(':');
        if (colon >= 0 && !int.TryParse(text[(colon + 1)..], out port))
        {
            return false;
        }

        host = colon < 0 ? text : text[..colon];
        return port is > 0 and <= ushort.MaxValue && Contracts.Traffic.DnsName.TryParse(host, out _);
    }

    /// <summary>The addresses of a validated <c>host:port</c>.</summary>
    public static async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        if (!TrySplit(text, out var host, out var port))
        {
            throw new FormatException($"\"{text}\" is not host:port");
        }

        var addresses = IPAddress.TryParse(host, out var address) ? [address] : await System.Net.Dns.GetHostAddressesAsync(host, cancellationToken);
        return [.. addresses.Select(found => new IPEndPoint(found, port))];
    }
}
