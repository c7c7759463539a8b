using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using DrMesh.Contracts.Estate;
using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>A real Patroni beside a running server, set up as DrMesh asks for: paused, alone in its cluster, tagged nofailover. Ended on dispose; its server is not.</summary>
public sealed class PatroniServer : IAsyncDisposable
{
    private const string User = "drmesh";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TestDirectory _directory;
    private readonly PostgresServer _server;
    private readonly HttpClient _http;
    private Process? _process;

    private PatroniServer(TestDirectory directory, PostgresServer server, Uri url, string password, TestCertificate? certificate)
    {
        _directory = directory;
        _server = server;
        Url = url;
        Credentials = new DatabaseUser { Name = User, PasswordFile = Path.Combine(directory.Path, "password") };
        Authority = certificate?.CertificateFile;
        _http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true }) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:{password}")));
    }

    /// <summary>Its REST API.</summary>
    public Uri Url { get; }

    /// <summary>Who may change something by it.</summary>
    public DatabaseUser Credentials { get; }

    /// <summary>The certificate its API is to be verified by; null: it speaks in the clear.</summary>
    public string? Authority { get; }

    private string Log => Path.Combine(_directory.Path, "patroni.log");

    /// <summary>Starts one.</summary>
    /// <param name="etcd">Its store.</param>
    /// <param name="server">Its server, which runs.</param>
    /// <param name="name">Its name.</param>
    /// <param name="scope">Its cluster.</param>
    /// <param name="isEncrypted">Whether its API is https, by a certificate of its own.</param>
    /// <param name="rewinds">Whether its own file has <c>use_pg_rewind</c>, which no API shows.</param>
    /// <param name="password">Its user's; null: one of its own.</param>
    public static async Task<PatroniServer> StartNewAsync(EtcdServer etcd, PostgresServer server, string name, string scope, bool isEncrypted = false, bool rewinds = false, string? password = null)
    {
        ArgumentNullException.ThrowIfNull(etcd);
        ArgumentNullException.ThrowIfNull(server);
        var directory = await TestDirectory.CreateAsync(server.Instance.Install.User);
        var port = LoopbackPort.Next();
        password ??= Guid.NewGuid().ToString("N");
        var certificate = isEncrypted ? await TestCertificate.CreateAsync(directory) : null;
        var patroni = new PatroniServer(directory, server, new Uri($"{(isEncrypted ? "https" : "http")}://127.0.0.1:{port}/"), password, certificate);
        await File.WriteAllTextAsync(patroni.Credentials.PasswordFile!, password + "\n");
        await File.WriteAllTextAsync(
            Path.Combine(directory.Path, "patroni.yml"),
            $$"""
              scope: {{scope}}
              name: {{name}}
              restapi:
                listen: 127.0.0.1:{{port}}
                connect_address: 127.0.0.1:{{port}}
                authentication: { username: {{User}}, password: {{password}} }
                {{(certificate is null ? "" : $"certfile: {certificate.CertificateFile}\n  keyfile: {certificate.KeyFile}")}}
              # By the second protocol a leader renews its key by compare-and-set, by the third Patroni 3.0 writes it over its successor's.
              etcd: { hosts: "{{etcd.Address}}", use_proxies: true }
              bootstrap:
                dcs: { pause: true, ttl: 20, loop_wait: 1, retry_timeout: 3 }
              postgresql:
                use_pg_rewind: {{(rewinds ? "true" : "false")}}
                listen: 127.0.0.1:{{server.Port}}
                connect_address: 127.0.0.1:{{server.Port}}
                data_dir: {{server.DataDirectory}}
                bin_dir: {{Path.GetDirectoryName(server.Instance.Install.Program("postgres"))}}
                pgpass: {{directory.Path}}/pgpass
                authentication: { superuser: { username: postgres }, replication: { username: postgres } }
                parameters: { unix_socket_directories: {{directory.Path}} }
              tags: { nofailover: true }

              """);
        await MoveUpstreamAsync(server.DataDirectory);
        // Patroni stores the settings of its cluster once its server leads.
        await etcd.SetAsync($"service/{scope}/config", """{"pause": true, "ttl": 20, "loop_wait": 1, "retry_timeout": 3}""");
        patroni.Start();
        try
        {
            await patroni.UntilReadyAsync();
            return patroni;
        }
        catch
        {
            await patroni.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, also after a kill; see <see cref="UntilReadyAsync"/>.</summary>
    public void Start() => _process = ToolProcess.Start(new ToolCommand
    {
        Program = "sh", Arguments = ["-c", "exec patroni \"$1\" >>\"$2\" 2>&1", "sh", Path.Combine(_directory.Path, "patroni.yml"), Log], RunAs = _server.Instance.Install.User, WorkingDirectory = "/",
    });

    /// <summary>Waits until it has looked at its store and its server.</summary>
    public Task UntilReadyAsync() => UntilAsync("cluster", answer => answer.Contains("\"members\": [{", StringComparison.Ordinal) && answer.Contains("\"pause\": true", StringComparison.Ordinal));

    /// <summary>SIGKILL; its server goes on.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Changes its cluster's settings. Source: its REST API, <c>PATCH /config</c>.</summary>
    public Task PatchAsync(string json) => SendAsync(HttpMethod.Patch, "config", json);

    /// <summary>Waits for an answer, whatever its status.</summary>
    public async Task UntilAsync(string path, Func<string, bool> holds)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var answer = await _http.GetAsync(path);
                    last = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
                    return holds(last);
                }
                catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            Patience,
            async () => $"/{path} of the Patroni at {Url} says {last}; its log ends:\n{string.Join('\n', (await File.ReadAllLinesAsync(Log)).TakeLast(12))}");
    }

    /// <summary>Waits until it has looked at its store so often.</summary>
    public async Task LookAsync(int times)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await UntilAsync("patroni", answer => seen.Add(Seconds(answer)) && seen.Count > times);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        _directory.Dispose();
    }

    // Whom a standby follows is where ALTER SYSTEM writes it, as pg_basebackup -R does, and in no file that is the person's own.
    private static async Task MoveUpstreamAsync(string dataDirectory)
    {
        var file = Path.Combine(dataDirectory, "postgresql.conf");
        var lines = await File.ReadAllLinesAsync(file);
        var upstream = lines.Where(line => line.StartsWith("primary_conninfo", StringComparison.Ordinal)).ToArray();
        await File.WriteAllLinesAsync(file, lines.Except(upstream));
        await File.AppendAllLinesAsync(Path.Combine(dataDirectory, "postgresql.auto.conf"), upstream);
    }

    private static string Seconds(string answer) => answer[answer.IndexOf("dcs_last_seen", StringComparison.Ordinal)..].Split(',')[0];

    private async Task SendAsync(HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) };
        using var answer = await _http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} /{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
