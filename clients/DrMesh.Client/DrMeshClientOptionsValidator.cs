using System.Globalization;
using DrMesh.Contracts.Errors;
using Npgsql;

namespace DrMesh.Client;

/// <summary>Says what is wrong with <see cref="DrMeshClientOptions"/> before anything is connected.</summary>
internal static class DrMeshClientOptionsValidator
{
    /// <summary>Throws one error that names every fault.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.UsageInvalid"/>.</exception>
    public static void Validate(DrMeshClientOptions options)
    {
        var faults = Faults(options).ToList();
        if (faults.Count > 0)
        {
            throw new DrMeshException(
                DrMeshError.UsageInvalid,
                $"the connection to the mesh is not usable: {string.Join("; ", faults)}",
                "correct --gateways, --store, their variables, or the client file");
        }
    }

    private static IEnumerable<string> Faults(DrMeshClientOptions options)
    {
        if (options.Gateways.IsDefaultOrEmpty && string.IsNullOrWhiteSpace(options.ControlStore))
        {
            yield return "neither gateways nor a control store are given";
        }

        foreach (var gateway in options.Gateways.IsDefault ? [] : options.Gateways)
        {
            if (!IsHostAndPort(gateway))
            {
                yield return $"gateway \"{gateway}\" is not host:port";
            }
        }

        if (!string.IsNullOrWhiteSpace(options.ControlStore) && !IsConnectionString(options.ControlStore))
        {
            yield return "the control store is not a connection string such as Host=127.0.0.1;Database=drmesh;Username=drmesh";
        }

        if (string.IsNullOrWhiteSpace(options.ClusterId))
        {
            yield return "the cluster id is empty";
        }

        if (options.ConnectTimeout <= TimeSpan.Zero || options.CallTimeout <= TimeSpan.Zero)
        {
            yield return "time limits must be longer than 0 s";
        }
    }

    private static bool IsHostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
            && Uri.CheckHostName(text[..colon]) != UriHostNameType.Unknown;
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
