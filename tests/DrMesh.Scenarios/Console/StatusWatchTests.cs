using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Console;

/// <summary><c>drmesh status --watch</c> until somebody presses Ctrl-C.</summary>
[Collection(nameof(CommandMesh))]
public sealed class StatusWatchTests(CommandMesh mesh)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_ByAProgram_GivesOneDocumentASecondUntilInterrupted()
    {
        using var watch = ToolProcess.Start(mesh.Mesh.Command(Programs.Console, "status", "--watch", "--output", "json"));
        watch.StandardInput.Close();
        var moments = new HashSet<string>();
        var text = "";
        while (moments.Count < 3)
        {
            text += (await watch.StandardOutput.ReadLineAsync(Cancellation)).ShouldNotBeNull("the watch ended by itself") + "\n";
            // A document ends with a brace at the beginning of a line.
            if (text.EndsWith("\n}\n", StringComparison.Ordinal))
            {
                moments.Add(JsonDocument.Parse(text).RootElement.GetProperty("mesh").GetProperty("at").GetString()!);
                text = "";
            }
        }

        await InterruptAsync(watch.Id);
        await watch.WaitForExitAsync(Cancellation);

        watch.ExitCode.ShouldBe(ExitCodes.Done, "Ctrl-C is how a watch ends");
        (await watch.StandardError.ReadToEndAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Watch_InATerminal_DrawsTheScreenAgainUntilControlC()
    {
        using var watch = ToolProcess.Start(mesh.Mesh.Command(Programs.Console, "status", "--watch").InTerminal());
        var screen = "";
        var buffer = new char[4096];
        while (screen.Split("control store reachable since").Length < 3)
        {
            var read = await watch.StandardOutput.ReadAsync(buffer, Cancellation);
            read.ShouldBeGreaterThan(0, screen);
            screen += new string(buffer, 0, read);
        }

        await watch.StandardInput.WriteAsync("\u0003".AsMemory(), Cancellation);
        await watch.StandardInput.FlushAsync(Cancellation);
        await watch.StandardOutput.ReadToEndAsync(Cancellation);
        await watch.WaitForExitAsync(Cancellation);

        watch.ExitCode.ShouldBe(ExitCodes.Done, screen);
        screen.ShouldContain("\u001b[", Case.Sensitive, "the cursor goes back to the beginning");
    }

    private static async Task InterruptAsync(int pid) =>
        (await ToolProcess.RunAsync(new ToolCommand { Program = "kill", Arguments = ["-INT", $"{pid}"] }, Cancellation)).EnsureSuccess("it was just started");
}
