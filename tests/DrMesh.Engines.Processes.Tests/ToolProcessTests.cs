using DrMesh.Contracts.Errors;
using DrMesh.TestKit;

namespace DrMesh.Engines.Processes.Tests;

public sealed class ToolProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ChildWritesAndFails_KeepsBothStreamsAndTheCode()
    {
        var result = await ToolProcess.RunAsync(Shell("echo out; echo err >&2; exit 3"), Cancellation);

        result.ExitCode.ShouldBe(3);
        result.Output.ShouldBe("out\n");
        result.Error.ShouldBe("err\n");
        var failure = Should.Throw<DrMeshException>(() => result.EnsureSuccess("look at it"));
        failure.Code.ShouldBe(DrMeshError.ToolFailed);
        failure.Message.ShouldBe("sh ended with exit code 3: err");
    }

    [Fact]
    public async Task RunAsync_ProgramMissing_NamesIt()
    {
        var failure = await Should.ThrowAsync<DrMeshException>(() => ToolProcess.RunAsync(new ToolCommand { Program = "no-such-tool" }, Cancellation));

        failure.Code.ShouldBe(DrMeshError.ToolMissing);
        failure.Message.ShouldContain("no-such-tool");
    }

    [Fact]
    public async Task RunAsync_Input_ReachesTheChild()
    {
        var result = await ToolProcess.RunAsync(Shell("cat") with { Input = "hello" }, Cancellation);

        result.Output.ShouldBe("hello\n");
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheWholeTree()
    {
        using var directory = await TestDirectory.CreateAsync();
        var pidFile = Path.Combine(directory.Path, "pid");
        using var cancel = new CancellationTokenSource();
        var running = ToolProcess.RunAsync(Shell($"sleep 600 & echo $! > {pidFile}; wait"), cancel.Token);
        await Eventually.HoldsAsync(
            () => Task.FromResult(File.Exists(pidFile) && File.ReadAllText(pidFile).EndsWith('\n')),
            TimeSpan.FromSeconds(10), () => "the child did not start its own child", Cancellation);
        var grandchild = int.Parse(await File.ReadAllTextAsync(pidFile, Cancellation));

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await Eventually.HoldsAsync(
            () => Task.FromResult(!Directory.Exists($"/proc/{grandchild}") || File.ReadAllText($"/proc/{grandchild}/stat").Contains(") Z")),
            TimeSpan.FromSeconds(5), () => $"process {grandchild} outlived the cancel", Cancellation);
    }

    [Fact]
    public async Task RunAsync_DaemonKeepsThePipe_ReturnsWithTheChild()
    {
        var result = await ToolProcess.RunAsync(Shell("sleep 5 & echo started"), Cancellation).WaitAsync(TimeSpan.FromSeconds(4), Cancellation);

        result.Output.ShouldBe("started\n");
    }

    private static ToolCommand Shell(string script) => new() { Program = "sh", Arguments = ["-c", script] };
}
