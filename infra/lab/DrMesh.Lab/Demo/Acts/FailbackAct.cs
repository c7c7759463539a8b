using System.Globalization;
using DrMesh.Contracts.Sessions;
using DrMesh.Lab.Load;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Demo.Acts;

/// <summary>The lost region is there again: its machine starts, a person asks for the way back.</summary>
internal static class FailbackAct
{
    /// <summary>Plays it.</summary>
    public static async Task<FailbackFigures> RunAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        await stage.World.StartRegionAsync(cancellationToken);
        stage.View.Tell($"{stage.World.Regions[0].Id} is back: its silo runs, its database is fenced until it follows");
        var begun = stage.Time.GetTimestamp();
        var session = await stage.RunSessionAsync(SessionKinds.Recovery, ["failback", EstateText.Application, "--yes", "--reason", "the region is back"], cancellationToken);
        await stage.Writers.WriteAgainAsync(stage.Time.GetTimestamp(), cancellationToken);

        var check = await stage.CheckAsync(cancellationToken);
        var gap = Checker.LongestGap(stage.Writers.Log, begun, stage.Time.GetTimestamp(), stage.Time);
        stage.View.Good(string.Create(
            CultureInfo.InvariantCulture, $"{session.Title} took {(session.EndedAt!.Value - session.StartedAt).TotalSeconds:0.0} s, no write for {gap.TotalSeconds:0.0} s of it; {check.Lost.Count} rows lost"));
        return new FailbackFigures(gap.TotalSeconds, check.Lost.Count);
    }
}
