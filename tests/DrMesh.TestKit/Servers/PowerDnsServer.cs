using System.Net;
using System.Net.Http.Json;
using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>A real PowerDNS with SQLite and its HTTP API on loopback, without caches; ended and removed on dispose.</summary>
public sealed class PowerDnsServer : DnsServerProcess
{
    /// <summary>The API's key.</summary>
    public const string ApiKey = "key-of-a-test";

    private readonly HttpClient _api;

    private PowerDnsServer(TestDirectory directory, int port, int apiPort)
        : base(directory, port)
    {
        ApiUrl = new Uri($"http://127.0.0.1:{apiPort}");
        _api = new HttpClient { BaseAddress = ApiUrl, DefaultRequestHeaders = { { "X-API-Key", ApiKey } } };
    }

    /// <summary>The HTTP API.</summary>
    public Uri ApiUrl { get; }

    /// <summary>Starts one with an empty zone for each of <paramref name="zones"/>, which the TSIG key of <see cref="TestTsigKey"/> may update.</summary>
    public static async Task<PowerDnsServer> StartNewAsync(params string[] zones)
    {
        var directory = await TestDirectory.CreateAsync();
        var (port, apiPort) = (LoopbackPort.Next(), LoopbackPort.Next());
        var server = new PowerDnsServer(directory, port, apiPort);
        var database = Path.Combine(directory.Path, "zones.sqlite3");
        (await ToolProcess.RunAsync(new ToolCommand
        {
            Program = "sqlite3",
            Arguments = [database],
            Input = await File.ReadAllTextAsync("/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql"),
        })).EnsureSuccess("apt-get install sqlite3 pdns-backend-sqlite3");
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "pdns.conf"), $"""
            launch=gsqlite3
            gsqlite3-database={database}
            gsqlite3-pragma-synchronous=0
            socket-dir={directory.Path}
            local-address=127.0.0.1
            local-port={port}
            api=yes
            api-key={ApiKey}
            webserver=yes
            webserver-address=127.0.0.1
            webserver-port={apiPort}
            cache-ttl=0
            negquery-cache-ttl=0
            query-cache-ttl=0
            zone-cache-refresh-interval=0
            zone-metadata-cache-ttl=0
            dnsupdate=yes
            allow-dnsupdate-from=127.0.0.0/8
            daemon=no
            guardian=no
            security-poll-suffix=
            enable-lua-records=yes
            lua-health-checks-interval=1
            """);
        await server.StartAsync();
        await server.PostAsync("tsigkeys", new { name = TestTsigKey.Name, algorithm = TestTsigKey.Algorithm, key = TestTsigKey.Secret });
        foreach (var zone in zones)
        {
            await server.CreateZoneAsync(zone);
        }

        return server;
    }

    /// <summary>Creates a zone, served by <c>ns1.</c>zone at 127.0.0.1.</summary>
    public async Task CreateZoneAsync(string zone)
    {
        await PostAsync("zones", new
        {
            name = zone + ".",
            kind = "Master",
            nameservers = new[] { $"ns1.{zone}." },
            rrsets = new[] { new { name = $"ns1.{zone}.", type = "A", ttl = 60, records = new[] { new { content = "127.0.0.1", disabled = false } } } },
        });
        await SetMetadataAsync(zone, "TSIG-ALLOW-DNSUPDATE", TestTsigKey.Name);
    }

    /// <summary>Sets one kind of a zone's metadata.</summary>
    public async Task SetMetadataAsync(string zone, string kind, params string[] values)
    {
        var response = await _api.PutAsJsonAsync($"/api/v1/servers/localhost/zones/{zone}./metadata/{kind}", new { metadata = values });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Writes a record set past DrMesh, as another tool would.</summary>
    public async Task WriteAsync(string zone, string name, string type, int ttl, params string[] values)
    {
        var response = await _api.PatchAsJsonAsync($"/api/v1/servers/localhost/zones/{zone}.", new
        {
            rrsets = new[]
            {
                new { name = name + ".", type, ttl, changetype = "REPLACE", records = values.Select(value => new { content = value, disabled = false }).ToArray() },
            },
        });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Sends a change in the API's own form.</summary>
    public async Task WriteRawAsync(string zone, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        (await _api.PatchAsync($"/api/v1/servers/localhost/zones/{zone}.", content)).EnsureSuccessStatusCode();
    }

    /// <summary>A zone in the API's own form.</summary>
    public Task<string> ReadRawAsync(string zone) => _api.GetStringAsync($"/api/v1/servers/localhost/zones/{zone}.");

    /// <inheritdoc/>
    protected override ToolCommand Command => new() { Program = "/usr/sbin/pdns_server", Arguments = [$"--config-dir={Directory.Path}"] };

    /// <inheritdoc/>
    protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _api.GetAsync("/api/v1/servers/localhost");
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _api.Dispose();
    }

    private async Task PostAsync(string path, object body)
    {
        var response = await _api.PostAsJsonAsync("/api/v1/servers/localhost/" + path, body);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"PowerDNS refused {path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }
}
