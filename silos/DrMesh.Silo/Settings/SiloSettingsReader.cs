using System.Collections;
using System.Net;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Grains.Access;
using DrMesh.Grains.ControlStore;
using Npgsql;

namespace DrMesh.Silo.Settings;

/// <summary>Reads and checks a silo's configuration. The keys, each explained: infra/examples/silo.yaml.</summary>
internal static class SiloSettingsReader
{
    /// <summary>Reads <paramref name="file"/> under the overrides of <paramref name="environment"/>.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/> with every fault, each naming its key and what was expected.</exception>
    public static SiloSettings Read(string file, IDictionary environment)
    {
        var reader = new SettingsReader(Path.GetFileName(file), SettingsSource.Load(file, environment));
        var address = reader.Address("endpoints.address", "10.1.0.5");
        var settings = new SiloSettings
        {
            ClusterId = reader.Name("cluster", "drmesh", "drmesh"),
            Node = new NodeId(new RegionId(reader.Name("region", "eu-west-1")), reader.Name("node", "db1")),
            Role = reader.Name("role", "agent", "agent"),
            Address = address,
            SiloPort = reader.Port("endpoints.siloPort", 11111),
            GatewayPort = reader.Port("endpoints.gatewayPort", 30000),
            Http = new IPEndPoint(reader.Address("endpoints.httpAddress", "127.0.0.1", address), reader.Port("endpoints.httpPort", 9180)),
            ControlStore = ReadControlStore(reader),
            Access = ReadAccess(reader),
            Liveness = ReadLiveness(reader),
            LogLevel = reader.Choice<LogLevel>("logLevel", LogLevel.Information),
        };
        if (IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address))
        {
            reader.Fault("endpoints.address", $"is {address}; expected the address at which other silos reach this one");
        }

        var ports = new[] { settings.SiloPort, settings.GatewayPort, settings.Http.Port };
        if (ports.Distinct().Count() < ports.Length && !ports.Contains(0))
        {
            reader.Fault("endpoints", $"uses a port twice: siloPort {ports[0]}, gatewayPort {ports[1]}, httpPort {ports[2]}; expected three ports");
        }

        reader.ThrowIfFaulty();
        return settings;
    }

    private static string ReadControlStore(SettingsReader reader)
    {
        const string Path = "store.connectionString";
        var text = reader.Text(Path, "a PostgreSQL connection string such as Host=127.0.0.1;Database=drmesh;Username=drmesh, or file:PATH of a file that holds one");
        var inFile = text.StartsWith("file:", StringComparison.Ordinal);
        if (inFile)
        {
            text = SecretFile.ReadFile(reader, Path, text["file:".Length..]) ?? "";
        }

        if (text.Length == 0)
        {
            return "";
        }

        var checkedOptions = new ControlStoreOptionsValidator().Validate(null, new ControlStoreOptions { ConnectionString = text });
        if (checkedOptions.Failed)
        {
            reader.Fault(Path, checkedOptions.FailureMessage.Replace($"{ControlStoreOptions.Section}:connectionString ", "", StringComparison.Ordinal));
        }
        else if (!inFile && new NpgsqlConnectionStringBuilder(text).Password is { Length: > 0 })
        {
            reader.Fault(Path, "holds a password in the open; expected Passfile=PATH in it, or file:PATH of a file that holds the whole string");
        }

        return text;
    }

    private static AccessOptions ReadAccess(SettingsReader reader)
    {
        var secret = SecretFile.Read(reader, "access.meshSecretFile");
        if (secret is { Length: < AccessOptions.ShortestSecret })
        {
            reader.Fault("access.meshSecretFile", $"names a file with {secret.Length} characters; expected {AccessOptions.ShortestSecret} or more, the same in every silo");
        }

        var grants = new List<AccessGrant>();
        var count = reader.Count("access.tokens");
        if (count == 0)
        {
            reader.Fault("access.tokens", "is missing; expected one entry or more, each with name, role and file or sha256");
        }

        for (var i = 0; i < count; i++)
        {
            var path = $"access.tokens[{i}]";
            var name = reader.Name($"{path}.name", "alice");
            var role = reader.Choice<AccessRole>($"{path}.role");
            if (ReadTokenHash(reader, path) is { } hash)
            {
                grants.Add(new AccessGrant(name, role, hash));
            }
        }

        return new AccessOptions { MeshSecret = secret ?? "", Grants = [.. grants] };
    }

    private static string? ReadTokenHash(SettingsReader reader, string path)
    {
        if (reader.Has($"{path}.file"))
        {
            return SecretFile.Read(reader, $"{path}.file") is { } token ? AccessGrant.Hash(token) : null;
        }

        var hash = reader.Text($"{path}.sha256", "the SHA-256 of the token in hexadecimal, or file with the token").ToLowerInvariant();
        if (hash.Length == 64 && hash.All(char.IsAsciiHexDigit))
        {
            return hash;
        }

        if (hash.Length > 0)
        {
            reader.Fault($"{path}.sha256", "is not 64 hexadecimal digits; make it with: printf %s TOKEN | sha256sum");
        }

        return null;
    }

    private static LivenessSettings ReadLiveness(SettingsReader reader)
    {
        var defaults = new LivenessSettings();
        return new LivenessSettings
        {
            ProbeTimeout = reader.Duration("liveness.probeTimeout", TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30), defaults.ProbeTimeout),
            MissedProbes = reader.Number("liveness.missedProbes", 2, 20, defaults.MissedProbes),
            Votes = reader.Number("liveness.votes", 1, 10, defaults.Votes),
        };
    }
}
