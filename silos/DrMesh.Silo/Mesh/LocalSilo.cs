using System.Globalization;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Engines.Processes;
using DrMesh.Silo.Settings;

namespace DrMesh.Silo.Mesh;

/// <summary>One silo of a local mesh: a process of its own, which outlives the command that started it. Its folder holds configuration, log and process id.</summary>
internal sealed class LocalSilo(LocalMeshPaths paths, NodeId node)
{
    private readonly string _folder = paths.SiloFolder(node);

    /// <summary>The node it stands for.</summary>
    public NodeId Node => node;

    /// <summary>Its configuration.</summary>
    public string Config => Path.Combine(_folder, "silo.yaml");

    /// <summary>What it says.</summary>
    public string Log => Path.Combine(_folder, "silo.log");

    /// <summary>Its process id while it runs, else null. An id that meanwhile belongs to another program is none.</summary>
    public int? Pid
    {
        get
        {
            try
            {
                var pid = int.Parse(File.ReadAllText(PidFile).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture);
                var arguments = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
                return arguments.Contains(Config) && arguments.Contains("run") ? pid : null;
            }
            catch (Exception none) when (none is IOException or UnauthorizedAccessException or FormatException or OverflowException)
            {
                return null;
            }
        }
    }

    private string PidFile => Path.Combine(_folder, "silo.pid");

    /// <summary>Its settings, from its configuration.</summary>
    public SiloSettings Settings() => SiloSettingsReader.Read(Config, new Dictionary<string, string>());

    /// <summary>Writes the configuration if there is none yet, with ports that are free now and kept from then on.</summary>
    public void EnsureConfig(string controlStore)
    {
        Directory.CreateDirectory(_folder);
        if (File.Exists(Config))
        {
            return;
        }

        var ports = LoopbackPorts.Free(3);
        var tokens = Enum.GetValues<AccessRole>().Select(role =>
            $"    - {{ name: {LocalAccess.Word(role)}, role: {LocalAccess.Word(role)}, file: {LocalAccess.TokenFile(paths, role)} }}");
        File.WriteAllText(
            Config,
            $"""
             # Written by drmesh mesh up; its keys are explained in infra/examples/silo.yaml.
             region: {node.Region}
             node: {node.Name}
             endpoints:
               address: 127.0.0.1
               siloPort: {ports[0]}
               gatewayPort: {ports[1]}
               httpPort: {ports[2]}
             store:
               connectionString: {controlStore}
             access:
               meshSecretFile: {paths.MeshSecret}
               tokens:
             {string.Join('\n', tokens)}

             """);
    }

    /// <summary>Starts the process, in a session of its own so that the terminal's signals do not reach it.</summary>
    public async Task StartAsync(string program, CancellationToken cancellationToken)
    {
        File.Delete(PidFile);
        var result = await ToolProcess.RunAsync(
            new ToolCommand
            {
                Program = "setsid",
                Arguments = ["--fork", "sh", "-c", """echo $$ >"$0"; exec >>"$1" 2>&1 </dev/null; shift; exec "$@" """, PidFile, Log, program, "silo", "run", "--config", Config],
                WorkingDirectory = _folder,
                // As systemd's: what waits for a store outlives the process.
                Environment = new Dictionary<string, string?> { ["STATE_DIRECTORY"] = _folder },
            },
            cancellationToken);
        result.EnsureSuccess("setsid is part of util-linux");
    }

    /// <summary>Whether it says it is an active member.</summary>
    public async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{Settings().Http}/readyz"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException || (unreachable is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>The error for a silo that ended or did not become ready.</summary>
    public DrMeshException Failed(string fact)
    {
        var last = File.Exists(Log) ? File.ReadLines(Log).LastOrDefault(line => line.StartsWith("drmesh: ", StringComparison.Ordinal)) : null;
        return new DrMeshException(DrMeshError.ToolFailed, $"silo {node} {fact}{(last is null ? "" : $": {last["drmesh: ".Length..]}")}", $"its log is {Log}");
    }
}
