using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Mesh;

/// <summary>One silo process of a <see cref="MeshFixture"/>.</summary>
public sealed class MeshSilo
{
    private readonly string _folder;

    internal MeshSilo(string folder, string node)
    {
        _folder = folder;
        Node = node;
    }

    /// <summary>Its node, <c>region/node</c>.</summary>
    public string Node { get; }

    /// <summary>Its configuration file.</summary>
    public string Config => Path.Combine(_folder, "silo.yaml");

    /// <summary>Its gateway's port.</summary>
    public int GatewayPort => Port("gatewayPort");

    /// <summary>Its HTTP port.</summary>
    public int HttpPort => Port("httpPort");

    /// <summary>The id of its process, as of its last start.</summary>
    public int Pid => int.Parse(File.ReadAllText(Path.Combine(_folder, "silo.pid")).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Whether its process lives; a zombie does not.</summary>
    public bool IsAlive
    {
        get
        {
            try
            {
                return File.ReadAllText($"/proc/{Pid}/cmdline").Contains(Config, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>The last lines it wrote.</summary>
    public string LogTail(int lines = 20) => string.Join('\n', File.ReadLines(Path.Combine(_folder, "silo.log")).TakeLast(lines));

    /// <summary>SIGKILL.</summary>
    public void Kill() => ProcessSignal.SendKill(Pid);

    /// <summary>SIGSTOP: the process keeps its connections and answers nothing.</summary>
    public void Freeze() => ProcessSignal.SendStop(Pid);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => ProcessSignal.SendContinue(Pid);

    /// <summary>SIGTERM, and waits for the process to end; returns how long that took.</summary>
    public Task<TimeSpan> StopAsync()
    {
        ProcessSignal.SendTerminate(Pid);
        return Eventually.HoldsAsync(() => Task.FromResult(!IsAlive), TimeSpan.FromSeconds(60), () => $"{Node} does not end: {LogTail()}");
    }

    /// <summary>What one of its HTTP paths answers; null when it does not.</summary>
    public async Task<(HttpStatusCode Status, string Body)?> GetAsync(string path)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{HttpPort}{path}"));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private int Port(string key) => int.Parse(
        Regex.Match(File.ReadAllText(Config), $@"^\s*{key}: (\d+)$", RegexOptions.Multiline).Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
}
