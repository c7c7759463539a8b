using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.TestKit;

namespace DrMesh.Scenarios.Console;

/// <summary><c>drmesh doctor</c> beside a mesh: each silo is reached by its own gateway, and a silent one is named with what to do.</summary>
[Collection(nameof(CommandMesh))]
public sealed class DoctorTests(CommandMesh mesh)
{
    [Fact]
    public async Task Doctor_MeshAsItShouldBe_ReachesStoreAndEverySiloAndFindsNothingWrong()
    {
        var run = await mesh.RunAsync("doctor", "--output", "json");

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Output + run.Error);
        var said = Findings(run.Output);
        said.ShouldContain(finding => finding.StartsWith("good connectivity gateway ", StringComparison.Ordinal) && finding.EndsWith("silo a/node-1 answers", StringComparison.Ordinal));
        said.ShouldContain(finding => finding.EndsWith("silo b/node-1 answers", StringComparison.Ordinal));
        said.ShouldContain(finding => finding.StartsWith("good clock silo a/node-1 its clock is within ", StringComparison.Ordinal));
        said.ShouldContain(finding => finding.StartsWith("good programs this machine all programs are there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Doctor_StoreGiven_AsksItAndTheSilosItNames()
    {
        var run = await mesh.RunAsync("doctor", "--store", mesh.Mesh.StoreConnectionString, "--output", "json");

        Findings(run.Output).ShouldContain(finding => finding.StartsWith("good connectivity the control store answers at 127.0.0.1, PostgreSQL ", StringComparison.Ordinal), run.Output + run.Error);
    }

    [Fact]
    public async Task Doctor_GatewaySilentAndSecretOpen_NamesBothAndWhatToDo()
    {
        var secret = await mesh.WriteAsync("open-secret", "x");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var command = mesh.Mesh.Command(TestKit.Mesh.Programs.Console, "doctor", "--gateways", $"127.0.0.1:{LoopbackPort.Next()}");
        var environment = new Dictionary<string, string?>(command.Environment) { ["DRMESH_TOKEN_FILE"] = secret };

        var run = await Engines.Processes.ToolProcess.RunAsync(command with { Environment = environment }, TestContext.Current.CancellationToken);

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Output.ShouldContain("no silo answered at 127.0.0.1:");
        run.Output.ShouldContain($"→ chmod 600 {secret}");
    }

    private static string[] Findings(string json) =>
    [
        .. JsonDocument.Parse(json).RootElement.GetProperty("findings").EnumerateArray()
            .Select(finding => string.Join(' ', new[] { "level", "area", "subject", "message" }.Select(key => finding.GetProperty(key).GetString()))),
    ];
}
