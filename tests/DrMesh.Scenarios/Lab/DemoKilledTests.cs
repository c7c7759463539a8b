using DrMesh.Engines.Processes;

namespace DrMesh.Scenarios.Lab;

/// <summary>A demo that is killed, at any moment: its keeper ends what it had begun.</summary>
public sealed class DemoKilledTests
{
    [Theory]
    [MemberData(nameof(DemoMoments.OfEachPart), MemberType = typeof(DemoMoments))]
    public async Task Demo_Killed_NothingIsLeft(double seconds)
    {
        using var run = await LabRun.StartAsync("demo");
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, TestContext.Current.CancellationToken);
        var segments = run.Segments();

        ProcessSignal.SendKill(run.Pid);

        await run.EndAsync(TimeSpan.FromSeconds(10));
        await run.NothingIsLeftAsync(segments);
    }
}
