using System.Globalization;
using DrMesh.Contracts.Sessions;
using DrMesh.Lab.Load;

namespace DrMesh.Lab.Demo.Acts;

/// <summary>The primary's region is killed; nobody does anything.</summary>
internal static class FailoverAct
{
    /// <summary>Plays it.</summary>
    public static async Task<FailoverFigures> RunAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        var lost = stage.World.Regions[0];
        await stage.UntilHealthyAsync(cancellationToken);
        var (begun, killedAt) = (stage.Time.GetTimestamp(), stage.Time.GetUtcNow());
        stage.World.KillRegion(lost);
        stage.View.Tell($"SIGKILL to everything in {lost.Id}: silo, agent, database");

        var first = await stage.AwaitSessionAsync(SessionKinds.Recovery, killedAt, cancellationToken);
        stage.View.Tell($"nobody typed anything: {first.Title}");
        var session = await stage.FollowAsync(first.Id, cancellationToken);
        while (session.Status is not (SessionStatus.Succeeded or SessionStatus.Degraded))
        {
            // Nothing was promoted; the mesh tries again by itself, and all of it counts.
            stage.View.Tell($"session {session.Id} ended as {session.Status}: {session.Outcome}");
            var next = await stage.AwaitSessionAsync(SessionKinds.Recovery, session.EndedAt!.Value, cancellationToken);
            session = await stage.FollowAsync(next.Id, cancellationToken);
        }

        await stage.Writers.WriteAgainAsync(stage.Time.GetTimestamp(), cancellationToken);

        var promoted = EndOf(session, "ProveWrite");
        var check = await stage.CheckAsync(cancellationToken);
        var gap = Checker.LongestGap(stage.Writers.Log, begun, stage.Time.GetTimestamp(), stage.Time);
        var figures = new FailoverFigures(
            gap.TotalSeconds,
            (first.StartedAt - killedAt).TotalSeconds,
            (promoted - first.StartedAt).TotalSeconds,
            (EndOf(session, "SwitchService") - promoted).TotalSeconds,
            check.Lost.Count,
            check.DoubleAcknowledged.Count);
        stage.View.Good(string.Create(
            CultureInfo.InvariantCulture, $"no write for {gap.TotalSeconds:0.0} s; of {check.Acknowledged} acknowledged rows {check.Lost.Count} are lost, {check.DoubleAcknowledged.Count} were acknowledged twice"));
        return figures;
    }

    private static DateTimeOffset EndOf(SessionSummary session, string step) =>
        session.Steps.Where(known => known.Step == step).Max(known => known.EndedAt)
        ?? throw new InvalidOperationException($"session {session.Id} did no {step}");
}
