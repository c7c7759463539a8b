using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using DrMesh.Engines.Processes;
using Npgsql;

namespace DrMesh.TestKit.Servers;

/// <summary>
/// The control store as it runs in production, on one machine: three etcds and three Patronis with PostgreSQL, brought up by infra/patroni/up.sh
/// on loopback addresses of their own. Stopped and removed on dispose.
/// </summary>
public sealed class PatroniStore : IAsyncDisposable
{
    private static readonly string[] Names = ["us-east-1", "eu-west-1", "ap-southeast-1"];
    private readonly TestDirectory _directory;
    private readonly string[] _members;

    private PatroniStore(TestDirectory directory, string network)
    {
        _directory = directory;
        _members = [.. Names.Select((name, index) => $"{name}={network}.{index + 1}")];
    }

    /// <summary>What a silo is given: all three hosts, the password by file.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Starts the three members; returns before they have found a leader.</summary>
    public static async Task<PatroniStore> StartNewAsync()
    {
        // Two tests on one machine take two of the 127.x.y networks; every server of a member has its usual port there.
        var network = $"127.{RandomNumberGenerator.GetInt32(20, 250)}.{RandomNumberGenerator.GetInt32(1, 250)}";
        var store = new PatroniStore(await TestDirectory.CreateAsync(), network);
        await store.UpAsync();
        return store;
    }

    /// <summary>Starts the members that do not run.</summary>
    public async Task UpAsync()
    {
        var result = await RunAsync("up.sh", [_directory.Path, .. _members]);
        ConnectionString = result.Output.TrimEnd().Split('\n')[^1];
    }

    /// <summary>Each member's role as its own PostgreSQL says it, one line; for messages.</summary>
    public async Task<string> DescribeAsync() => string.Join(", ", await Task.WhenAll(_members.Select(async member =>
        $"{NameOf(member)} {await AskRoleAsync(member)}")));

    /// <summary>Whether a standby holds what the leader acknowledges; Patroni answers that for each member. Source: its REST API, <c>GET /synchronous</c>.</summary>
    public async Task<bool> HasSynchronousStandbyAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        foreach (var member in _members)
        {
            try
            {
                using var answer = await http.GetAsync($"http://{AddressOf(member)}:8008/synchronous");
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                // That member's Patroni does not run.
            }
        }

        return false;
    }

    /// <summary>Kills everything of the leader's region at once, as a lost region does: Patroni, PostgreSQL and etcd. Returns its name.</summary>
    public async Task<string> KillLeadersRegionAsync()
    {
        var leader = NameOf(await LeaderAsync());
        var home = Path.Combine(_directory.Path, leader);
        Kill(Path.Combine(home, "patroni.pid"));
        Kill(Path.Combine(home, "data", "postmaster.pid"));
        Kill(Path.Combine(home, "etcd.pid"));
        return leader;
    }

    /// <summary>Kills the leader's PostgreSQL; its Patroni lives.</summary>
    public async Task KillLeadersServerAsync() => Kill(Path.Combine(_directory.Path, NameOf(await LeaderAsync()), "data", "postmaster.pid"));

    /// <summary>Has Patroni move the leader to another member, as <c>patronictl switchover</c> does. Source: its REST API, <c>POST /switchover</c>.</summary>
    public async Task SwitchOverAsync()
    {
        var leader = await LeaderAsync();
        await SendAsync(HttpMethod.Post, leader, "switchover", $"{{\"leader\": \"{NameOf(leader)}\"}}");
    }

    /// <summary>Has Patroni notice and decide as fast as its documentation allows. Source: its REST API, <c>PATCH /config</c>.</summary>
    public async Task TuneForSpeedAsync() =>
        await SendAsync(HttpMethod.Patch, await LeaderAsync(), "config", "{\"ttl\": 20, \"loop_wait\": 1, \"retry_timeout\": 3}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("down.sh", [_directory.Path]);
        _directory.Dispose();
    }

    private async Task<string> LeaderAsync()
    {
        foreach (var member in _members)
        {
            if (await AskRoleAsync(member) == "primary")
            {
                return member;
            }
        }

        throw new InvalidOperationException($"no member is the leader: {await DescribeAsync()}");
    }

    private async Task SendAsync(HttpMethod method, string member, string path, string json)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        const string key = "RESTAPI_PASSWORD=";
        var password = (await File.ReadAllLinesAsync(Path.Combine(_directory.Path, "secrets"))).First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..];
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"patroni:{password.Trim()}")));
        using var request = new HttpRequestMessage(method, $"http://{AddressOf(member)}:8008/{path}") { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static string NameOf(string member) => member[..member.IndexOf('=', StringComparison.Ordinal)];

    private static string AddressOf(string member) => member[(member.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static void Kill(string pidFile)
    {
        using var process = Process.GetProcessById(int.Parse(File.ReadLines(pidFile).First(), CultureInfo.InvariantCulture));
        process.Kill();
    }

    private static async Task<ToolResult> RunAsync(string script, IReadOnlyList<string> arguments)
    {
        var result = await ToolProcess.RunAsync(new ToolCommand { Program = Path.Combine(ScriptsFolder(), script), Arguments = arguments });
        return result.EnsureSuccess("see infra/patroni");
    }

    private static string ScriptsFolder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DrMesh.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("DrMesh.sln is in no parent directory of the tests");
        }

        return Path.Combine(directory.FullName, "infra", "patroni");
    }

    private async Task<string> AskRoleAsync(string member)
    {
        var single = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Host = AddressOf(member), Database = "postgres", Pooling = false, Timeout = 5,
        };
        try
        {
            await using var connection = new NpgsqlConnection(single.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select pg_is_in_recovery()", connection);
            return await command.ExecuteScalarAsync() is true ? "standby" : "primary";
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return $"down ({(failure.InnerException ?? failure).Message})";
        }
    }
}
