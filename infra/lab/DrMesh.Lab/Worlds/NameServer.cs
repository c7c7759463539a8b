using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;

namespace DrMesh.Lab.Worlds;

/// <summary>A PowerDNS with SQLite that serves the zone of the world's service, without caches.</summary>
internal sealed class NameServer(WorldNetwork network, string folder, string apiKeyFile)
{
    /// <summary>The zone.</summary>
    public const string Zone = "shop.test";

    /// <summary>The name clients find the database by.</summary>
    public const string ServiceName = "orders.shop.test";

    private const string Schema = "/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Where it answers.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Parse(network.NameAddress), network.NamePort);

    /// <summary>Its HTTP interface.</summary>
    public Uri Api => new($"http://{network.NameAddress}:{network.NameApiPort}");

    /// <summary>Starts it and creates the zone; the service's name is DrMesh's to write.</summary>
    public async Task StartAsync(ServerUser user, CancellationToken cancellationToken)
    {
        var key = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await ServerUser.WritePrivateAsync(apiKeyFile, key, cancellationToken);
        await user.MakeFolderAsync(folder, cancellationToken);
        var database = Path.Combine(folder, "zones.sqlite3");
        var made = await ToolProcess.RunAsync(
            new ToolCommand { Program = "sqlite3", Arguments = [database], Input = await ReadSchemaAsync(cancellationToken), RunAs = user.Name, WorkingDirectory = "/" }, cancellationToken);
        made.EnsureSuccess("apt-get install sqlite3 pdns-backend-sqlite3");
        await user.WriteAsync(Path.Combine(folder, "pdns.conf"), Configuration(database, key), cancellationToken);
        await LaunchAsync(user, [], cancellationToken);
        using var http = new HttpClient { BaseAddress = Api, DefaultRequestHeaders = { { "X-API-Key", key } }, Timeout = TimeSpan.FromSeconds(5) };
        await AwaitReadyAsync(http, cancellationToken);
        await CreateZoneAsync(http, cancellationToken);
    }

    /// <summary>Its processes.</summary>
    public IReadOnlyList<int> Processes() => WorldProcesses.Find(folder);

    /// <summary>Ends it at once and starts it again, with options on top of its configuration.</summary>
    public async Task RestartAsync(IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        while (Processes() is { Count: > 0 } living)
        {
            living.ToList().ForEach(pid => ProcessSignal.SendKill(pid));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }

        await LaunchAsync(new ServerUser(PostgresInstall.Find()), options, cancellationToken);
    }

    private Task LaunchAsync(ServerUser user, IReadOnlyList<string> options, CancellationToken cancellationToken) =>
        Daemon.StartAsync("/usr/sbin/pdns_server", [$"--config-dir={folder}", .. options], folder, Path.Combine(folder, "pdns.log"), user.Name, cancellationToken);

    private string Configuration(string database, string key) => $"""
        launch=gsqlite3
        gsqlite3-database={database}
        gsqlite3-pragma-synchronous=0
        socket-dir={folder}
        local-address={network.NameAddress}
        local-port={network.NamePort}
        api=yes
        api-key={key}
        webserver=yes
        webserver-address={network.NameAddress}
        webserver-port={network.NameApiPort}
        webserver-allow-from={network.Clients}
        cache-ttl=0
        negquery-cache-ttl=0
        query-cache-ttl=0
        zone-cache-refresh-interval=0
        zone-metadata-cache-ttl=0
        daemon=no
        guardian=no
        security-poll-suffix=
        """;

    private static async Task<string> ReadSchemaAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(Schema, cancellationToken);
        }
        catch (IOException missing)
        {
            throw new DrMeshException(DrMeshError.ToolMissing, $"PowerDNS with SQLite is not installed: {missing.Message}", "apt-get install pdns-server pdns-backend-sqlite3 sqlite3", missing);
        }
    }

    private async Task AwaitReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync("/api/v1/servers/localhost", cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (TimeProvider.System.GetElapsedTime(begun) < Patience)
            {
                // It is starting.
            }

            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new DrMeshException(DrMeshError.ToolFailed, $"PowerDNS does not answer at {Api}", $"its log is {folder}/pdns.log");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    private async Task CreateZoneAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var made = await http.PostAsJsonAsync(
            "/api/v1/servers/localhost/zones",
            new
            {
                name = $"{Zone}.",
                kind = "Master",
                nameservers = new[] { $"ns1.{Zone}." },
                rrsets = new[] { new { name = $"ns1.{Zone}.", type = "A", ttl = 60, records = new[] { new { content = network.NameAddress, disabled = false } } } },
            },
            cancellationToken);
        if (!made.IsSuccessStatusCode)
        {
            throw new DrMeshException(DrMeshError.ToolFailed, $"PowerDNS refused the zone {Zone}: {await made.Content.ReadAsStringAsync(cancellationToken)}", $"its log is {folder}/pdns.log");
        }
    }
}
