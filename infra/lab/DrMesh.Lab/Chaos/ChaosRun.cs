using System.Globalization;
using DrMesh.Lab.Load;
using DrMesh.Lab.Namespaces;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Chaos;

/// <summary>One fault after another, each on a world that is well, with writers in every region; at the end the writers' logs are held against the rows that are there.</summary>
internal sealed class ChaosRun(ChaosStage stage, Action<string> tell)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly List<(StruckFault Fault, long Begun, long Well)> _struck = [];
    private readonly List<string> _violations = [];

    /// <summary>Runs until the faults or the time are over, or something stays broken.</summary>
    public async Task<ChaosReport> RunAsync(IEnumerable<PlannedFault> faults, int? seed, TimeSpan length, CancellationToken cancellationToken)
    {
        await Writer.CreateTableAsync(stage.World.Databases.ConnectionString(stage.Lab.Regions[0], Databases.ApplicationRole), cancellationToken);
        RegionWriters[] writers = [.. stage.Lab.Regions.Select(region => RegionWriters.Start(stage.Lab.Folder, stage.Lab.Namespaces, region))];
        try
        {
            var begun = stage.Time.GetTimestamp();
            if (await IsWellAsync("at the beginning", cancellationToken) && await AreWritingAsync(writers, cancellationToken))
            {
                foreach (var planned in faults)
                {
                    if (stage.Time.GetElapsedTime(begun) > length || !await StrikeAsync(planned, cancellationToken))
                    {
                        break;
                    }
                }
            }
        }
        finally
        {
            await Task.WhenAll(writers.Select(each => each.DisposeAsync().AsTask()));
        }

        return await JudgeAsync([.. writers.SelectMany(each => RowLog.Read(each.Log))], seed, cancellationToken);
    }

    private async Task<bool> AreWritingAsync(RegionWriters[] writers, CancellationToken cancellationToken)
    {
        var begun = stage.Time.GetTimestamp();
        while (!writers.All(each => File.Exists(each.Log) && RowLog.Read(each.Log).Any(row => row.AcknowledgedAt is not null)))
        {
            if (stage.Time.GetElapsedTime(begun) > Patience)
            {
                _violations.Add("the writers of some region wrote nothing at the beginning");
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), stage.Time, cancellationToken);
        }

        return true;
    }

    // False: the world did not become well again, so that there is nothing to strike.
    private async Task<bool> StrikeAsync(PlannedFault planned, CancellationToken cancellationToken)
    {
        var before = await stage.PlaceAsync(planned with { Fault = Faults.All[0] }, cancellationToken);
        if (await stage.PlaceAsync(planned, cancellationToken) is not { } region)
        {
            tell($"{planned.Fault.Name}: nobody can tell where it would strike");
            return true;
        }

        var leader = await RegionalStore.LeaderAsync(stage.Lab.Regions, cancellationToken);
        var standby = await RegionalStore.SynchronousAsync(stage.Lab.Regions, cancellationToken);
        tell(string.Create(
            CultureInfo.InvariantCulture,
            $"{planned.Fault.Name} in {region.Id} for {planned.Length.TotalSeconds:0} s; the control store's leader is in {leader?.Id.Value ?? "no region"}, its synchronous standby in {standby?.Id.Value ?? "no region"}"));
        var (begun, at) = (stage.Time.GetTimestamp(), stage.Time.GetUtcNow());
        try
        {
            await planned.Fault.Strike(stage, region, cancellationToken);
            await Task.Delay(planned.Length, stage.Time, cancellationToken);
        }
        finally
        {
            await planned.Fault.Mend(stage, region, CancellationToken.None);
        }

        var mended = stage.Time.GetTimestamp();
        var isWell = await IsWellAsync($"after {planned.Fault.Name} in {region.Id}", cancellationToken);
        var well = stage.Time.GetTimestamp();
        var moved = (await stage.PlaceAsync(planned with { Fault = Faults.All[0] }, cancellationToken))?.Id != before?.Id;
        var sessions = isWell ? await stage.SessionsAsync(at, cancellationToken) : 0;
        if (!planned.Fault.MayMove && (moved || sessions > 0))
        {
            _violations.Add($"{planned.Fault.Name} in {region.Id} leaves the primary within reach, and the database moved, or was begun to be moved, {Math.Max(sessions, 1)} times");
        }

        _struck.Add((
            new StruckFault
            {
                Name = planned.Fault.Name,
                Region = region.Id.Value,
                StoreLeader = leader?.Id.Value,
                StoreStandby = standby?.Id.Value,
                StoreLeaderAfter = (await RegionalStore.LeaderAsync(stage.Lab.Regions, cancellationToken))?.Id.Value,
                Seconds = stage.Time.GetElapsedTime(begun, mended).TotalSeconds,
                WriteGapSeconds = 0,
                RecoverySeconds = stage.Time.GetElapsedTime(mended, well).TotalSeconds,
                Moved = moved,
                Sessions = sessions,
                PhaseSeconds = moved && isWell ? await stage.PhasesAsync(at, cancellationToken) : new Dictionary<string, double>(),
            },
            begun, well));
        tell(string.Create(CultureInfo.InvariantCulture, $"  {(isWell ? "well" : "not well")} {stage.Time.GetElapsedTime(mended, well).TotalSeconds:0.0} s after it was mended{(moved ? "; another region leads" : "")}"));
        return isWell;
    }

    private async Task<bool> IsWellAsync(string when, CancellationToken cancellationToken)
    {
        if (await stage.UntilHealthyAsync(Patience, cancellationToken) is not { } missing)
        {
            return true;
        }

        _violations.Add($"{when} the world is not well within {Patience.TotalSeconds:0} s: {missing}");
        return false;
    }

    private async Task<ChaosReport> JudgeAsync(IReadOnlyList<RowWrite> log, int? seed, CancellationToken cancellationToken)
    {
        var result = await CheckAsync(log, cancellationToken);
        if (result is { Lost.Count: > 0 })
        {
            _violations.Add($"S2: {result.Lost.Count} acknowledged rows are lost, the first of writer {result.Lost[0].Writer} number {result.Lost[0].Number} by {result.Lost[0].Server} on timeline {result.Lost[0].Timeline}");
        }

        if (result is { DoubleAcknowledged.Count: > 0 })
        {
            _violations.Add($"S1: {result.DoubleAcknowledged.Count} rows were acknowledged beside another primary, the first of writer {result.DoubleAcknowledged[0].Writer} by {result.DoubleAcknowledged[0].Server} on timeline {result.DoubleAcknowledged[0].Timeline}");
        }

        return new ChaosReport
        {
            Seed = seed,
            Faults = [.. _struck.Select(struck => struck.Fault with { WriteGapSeconds = Checker.LongestGap(log, struck.Begun, struck.Well, stage.Time).TotalSeconds })],
            Acknowledged = log.Count(row => row.AcknowledgedAt is not null),
            Lost = result?.Lost.Count ?? 0,
            DoubleAcknowledged = result?.DoubleAcknowledged.Count ?? 0,
            Violations = _violations,
        };
    }

    // Null: no primary was found to ask, which is a violation by itself.
    private async Task<CheckResult?> CheckAsync(IReadOnlyList<RowWrite> log, CancellationToken cancellationToken)
    {
        if (await stage.LeadsAsync(cancellationToken) is { } primary)
        {
            return await Checker.CheckAsync(log, stage.World.Databases.ConnectionString(primary, Databases.ControlRole), stage.Time, cancellationToken);
        }

        _violations.Add("no database leads at the end, so that nobody can tell which rows are there");
        return null;
    }
}
