using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;

namespace DrMesh.Lab.Worlds;

/// <summary>The <c>drmesh</c> console as a person of this world types it.</summary>
internal sealed class WorldConsole(WorldFolder folder)
{
    private const int Attempts = 3;

    /// <summary>Told of each command before it runs.</summary>
    public Action<string> OnCommand { get; set; } = _ => { };

    /// <summary>Runs a command and returns what it wrote; fails when it fails.</summary>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        OnCommand($"drmesh {string.Join(' ', arguments)}");
        // A machine that is busy with something else lets silos answer late. A command that reached none has done nothing.
        for (var attempt = 1; ; attempt++)
        {
            var result = await StartAsync(arguments, cancellationToken);
            if (result.ExitCode != ExitCodes.Unreachable || attempt == Attempts)
            {
                return result.EnsureSuccess($"repeat it with DRMESH_STATE={folder.Path} and --verbose").Output;
            }
        }
    }

    private Task<ToolResult> StartAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => ToolProcess.RunAsync(
        new ToolCommand
        {
            Program = LabPrograms.Console,
            Arguments = arguments,
            WorkingDirectory = folder.Path,
            Environment = new Dictionary<string, string?>
            {
                ["DRMESH_STATE"] = folder.Path,
                ["DRMESH_SILO_PROGRAM"] = LabPrograms.Silo,
                ["DRMESH_GATEWAYS"] = null,
                ["DRMESH_STORE"] = null,
                ["DRMESH_TOKEN_FILE"] = null,
            },
        },
        cancellationToken);
}
