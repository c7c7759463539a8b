using System.Text.Json;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;

namespace DrMesh.Lab.Worlds;

/// <summary>The <c>drmesh</c> console as a person of this world types it.</summary>
internal sealed class WorldConsole(WorldFolder folder)
{
    /// <summary>Told of each command before it runs.</summary>
    public Action<string> OnCommand { get; set; } = _ => { };

    /// <summary>Runs a command and returns what it wrote; fails when it fails.</summary>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        OnCommand($"drmesh {string.Join(' ', arguments)}");
        return (await StartAsync(arguments, cancellationToken)).EnsureSuccess($"repeat it with DRMESH_STATE={folder.Path} and --verbose").Output;
    }

    /// <summary>Runs a command with <c>--output json</c> and returns its documents, one or one a line.</summary>
    public async Task<IReadOnlyList<JsonElement>> AskAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        OnCommand($"drmesh {string.Join(' ', arguments)}");
        var result = (await StartAsync([.. arguments, "--output", "json"], cancellationToken)).EnsureSuccess($"repeat it with DRMESH_STATE={folder.Path} and --verbose");
        return Documents(result.Output);
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

    private static List<JsonElement> Documents(string text)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        List<JsonElement> documents = [];
        while (reader.Read())
        {
            documents.Add(JsonElement.ParseValue(ref reader));
        }

        return documents;
    }
}
