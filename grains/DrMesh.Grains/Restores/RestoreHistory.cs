using System.Globalization;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Core.Restores.Sessions;
using DrMesh.Core.Restores.Unified;

namespace DrMesh.Grains.Restores;

/// <summary>How fast earlier restores were: the medians over the last ones that succeeded, whatever the cluster; disks and networks are what counts.</summary>
internal sealed class RestoreHistory(IGrainFactory grains)
{
    private const int Looked = 10;

    /// <summary>The rates; null where no restore tells.</summary>
    public async Task<RestoreRates> RatesAsync(CancellationToken cancellationToken)
    {
        var filter = new SessionFilter { Kind = SessionKinds.Restore, Limit = Looked };
        var entries = await grains.GetGrain<ISessionListGrain>(0).List(filter, cancellationToken);
        var restore = new List<double>();
        var replay = new List<double>();
        foreach (var entry in entries.Where(entry => entry.Status == SessionStatus.Succeeded))
        {
            var steps = (await grains.GetSession(entry.Id).Get(cancellationToken)).Steps;
            AddRate(restore, steps.LastOrDefault(step => step.Step == RestoreMachine.RestoreBase.Value));
            if (Number(steps.LastOrDefault(step => step.Step == RestoreMachine.ReplayLog.Value), "bytesPerSecond") is { } rate)
            {
                replay.Add(rate);
            }
        }

        return new RestoreRates(Median(restore), Median(replay));
    }

    /// <summary>The rates by what was restored, from the last restores of clusters and of applications.</summary>
    public async Task<PartRates> PartRatesAsync(CancellationToken cancellationToken)
    {
        var filter = new SessionFilter { Kind = SessionKinds.UnifiedRestore, Limit = Looked };
        var entries = await grains.GetGrain<ISessionListGrain>(0).List(filter, cancellationToken);
        var sets = new List<double>();
        var trees = new List<double>();
        foreach (var entry in entries.Where(entry => entry.Status == SessionStatus.Succeeded))
        {
            foreach (var step in (await grains.GetSession(entry.Id).Get(cancellationToken)).Steps.Where(step => step.Step == UnifiedRestoreMachine.RestorePart.Value))
            {
                AddRate(step.Target.StartsWith($"{PartKind.Files}/", StringComparison.Ordinal) ? trees : sets, step, "bytes");
            }
        }

        return new PartRates(await RatesAsync(cancellationToken), Median(sets), Median(trees));
    }

    private static void AddRate(List<double> rates, StepSummary? step, string fact = "written")
    {
        if (step is { StartedAt: { } from, EndedAt: { } to } && to > from && Number(step, fact) is { } bytes and > 0)
        {
            rates.Add(bytes / (to - from).TotalSeconds);
        }
    }

    private static double? Number(StepSummary? step, string fact) =>
        double.TryParse(step?.Evidence.GetValueOrDefault(fact), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Median(List<double> values) => values.Count == 0 ? null : values.Order().ElementAt(values.Count / 2);
}
