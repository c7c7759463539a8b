using System.Diagnostics;
using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>One etcd alone on loopback, with the second protocol: the store of a test's Patronis. Ended and removed on dispose.</summary>
public sealed class EtcdServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TestDirectory _directory;
    private readonly Process _process;

    private EtcdServer(TestDirectory directory, string address, Process process) => (_directory, Address, _process) = (directory, address, process);

    /// <summary>Where clients reach it, <c>host:port</c>.</summary>
    public string Address { get; }

    /// <summary>Starts one and waits until it serves.</summary>
    public static async Task<EtcdServer> StartNewAsync()
    {
        var directory = await TestDirectory.CreateAsync();
        var (client, peer) = ($"http://127.0.0.1:{LoopbackPort.Next()}", $"http://127.0.0.1:{LoopbackPort.Next()}");
        var process = ToolProcess.Start(new ToolCommand
        {
            Program = "etcd",
            Arguments =
            [
                "--name", "one", "--data-dir", Path.Combine(directory.Path, "data"), "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer,
                "--initial-advertise-peer-urls", peer, "--initial-cluster", $"one={peer}", "--enable-v2", "--unsafe-no-fsync", "--log-level", "error",
            ],
        });
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new EtcdServer(directory, client["http://".Length..], process);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.HoldsAsync(async () => await IsHealthyAsync(http, client), Patience, () => $"etcd does not serve at {client}");
        return server;
    }

    /// <summary>Writes a key. Source: etcd's API v2, <c>PUT /v2/keys/KEY</c>.</summary>
    public async Task SetAsync(string key, string value)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var content = new FormUrlEncodedContent([new("value", value)]);
        using var answer = await http.PutAsync($"http://{Address}/v2/keys/{key}", content);
        answer.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http, string client)
    {
        try
        {
            return (await http.GetStringAsync(client + "/health")).Contains("true", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
