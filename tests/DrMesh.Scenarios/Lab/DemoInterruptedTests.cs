using DrMesh.Engines.Processes;

namespace DrMesh.Scenarios.Lab;

/// <summary>A demo that is interrupted, at any moment: it ends itself.</summary>
public sealed class DemoInterruptedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(DemoMoments.OfEachPart), MemberType = typeof(DemoMoments))]
    public async Task Demo_Interrupted_EndsByItselfAndNothingIsLeft(double seconds)
    {
        using var run = await LabRun.StartAsync("demo");
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, Cancellation);
        var segments = run.Segments();

        (await ToolProcess.RunAsync(new ToolCommand { Program = "kill", Arguments = ["-INT", $"{run.Pid}"] }, Cancellation)).EnsureSuccess("it was just started");

        (await run.EndAsync(TimeSpan.FromSeconds(60))).ShouldNotBe(0, run.Log);
        await run.NothingIsLeftAsync(segments);
    }
}
