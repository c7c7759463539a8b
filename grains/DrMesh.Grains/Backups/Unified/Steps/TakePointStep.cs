using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Backups.Unified.Steps;

/// <summary>
/// Takes the consistency point. With a fence the writes are held from before the first part's point to after the last one's, and let go on every way out; a point that took longer than its
/// limit is none, since nobody then promises that the writes were held.
/// </summary>
internal sealed class TakePointStep(AppliedEstates estates, WriteFence fence, PartPoints points, TimeProvider time) : IStepRunner<UnifiedBackupPlan>
{
    private const int MostStateCharacters = 1 << 18;

    public StepName Step => UnifiedBackupMachine.TakePoint;

    public async Task<StepResult> RunAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        var point = $"{context.Session}-{context.Key.Attempt}";
        var servers = await points.PrepareAsync(plan, await estates.CurrentAsync(cancellationToken), cancellationToken);
        var takenAt = time.GetUtcNow();
        var taken = plan.Consistency.Mode == ConsistencyMode.Fence
            ? await fence.RunAsync(context, [.. servers.Values], token => points.TakeAsync(context, point, servers, token), cancellationToken)
            : new Fenced(await points.TakeAsync(context, point, servers, cancellationToken), null, null);
        if (plan.Consistency.Mode == ConsistencyMode.Marker && taken.Points.Window > plan.Consistency.MarkerWindow)
        {
            return StepResult.Failed($"the markers were {taken.Points.Window.TotalMilliseconds:0} ms apart, the limit is {plan.Consistency.MarkerWindow.TotalMilliseconds:0} ms (consistency.markerWindow)");
        }

        if (taken.State?.Length > MostStateCharacters)
        {
            return StepResult.Refused($"the application handed out {taken.State.Length} characters of state, the limit is {MostStateCharacters}; keep what is larger in a file tree");
        }

        var evidence = taken.Points.Facts.SetItem("point", point).SetItem("takenAt", $"{takenAt:O}")
            .SetItem("windowMs", $"{taken.Points.Window.TotalMilliseconds:0.###}").SetItem("filesReadMs", $"{taken.Points.FilesRead.TotalMilliseconds:0.###}");
        evidence = taken.Held is { } held ? evidence.SetItem("heldMs", $"{held.TotalMilliseconds:0.###}") : evidence;
        return new StepResult { Outcome = StepOutcome.Done, Evidence = taken.State is { } state ? evidence.SetItem("state", state) : evidence };
    }
}

/// <summary>Where the point lies in each part.</summary>
/// <param name="Facts"><c>TARGET.FACT</c> of each part.</param>
/// <param name="Window">From before the first marker to after the last.</param>
/// <param name="FilesRead">From before the first marker to the last file read.</param>
internal sealed record PointsTaken(ImmutableSortedDictionary<string, string> Facts, TimeSpan Window, TimeSpan FilesRead);

/// <summary>What was done under a fence.</summary>
/// <param name="Points">The points.</param>
/// <param name="Held">How long writes were held; null: they were not.</param>
/// <param name="State">The application's own state; null: none was asked for.</param>
internal sealed record Fenced(PointsTaken Points, TimeSpan? Held, string? State);
