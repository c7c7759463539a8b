using System.Globalization;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Restores.MongoDb;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Core.Restores.Unified;
using DrMesh.Grains.Backups.Unified;

namespace DrMesh.Grains.Restores.Unified;

/// <summary>Finds where each part of a restore stops, and that its log leads there.</summary>
internal sealed class PartStops(ApplicationRepositories repositories, IPostgresEngine postgres, IGrainFactory grains)
{
    private const string AtThePoint = "at the backup's point";

    /// <summary>The part with its stop, and how that is shown.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.RestoreTargetUnusable"/>: its log does not lead there.</exception>
    public Task<(PartRestore Part, PartRestorePlan Shown)> FindAsync(UnifiedRestorePlan plan, PartRestore part, TransactionEnd? end, PartRates rates, CancellationToken cancellationToken) =>
        part.From.Kind switch
        {
            PartKind.PostgreSql => Task.Run(() => OfClusterAsync(plan, part, end, rates, cancellationToken), cancellationToken),
            PartKind.MongoDb => Task.Run(() => OfSetAsync(plan, part, rates, cancellationToken), cancellationToken),
            _ => Task.FromResult((part, Shown(part, plan.Until is null ? AtThePoint : $"{AtThePoint}: a tree has no log", plan.Until is null, rates.Files, null, null))),
        };

    private async Task<(PartRestore Part, PartRestorePlan Shown)> OfClusterAsync(
        UnifiedRestorePlan plan, PartRestore part, TransactionEnd? end, PartRates rates, CancellationToken cancellationToken)
    {
        var cluster = new ClusterId(part.From.Name);
        await using var repository = await repositories.OpenAsync(part.From.Repositories, part.From.Name, cancellationToken);
        var facts = await postgres.ReadPitrFactsAsync(cluster, repository, rates.PostgreSql, findRestorePoints: false, cancellationToken);
        facts = facts with { Backups = [.. facts.Backups.Where(known => known.Id == part.From.Backup.Value)] };
        if (plan.Before is { } before && before.Cluster == cluster)
        {
            var way = Demand(part, PitrPlanner.Plan(RecoveryTarget.At(end!.Position), facts));
            var target = RecoveryTarget.After(before.Transaction) with { Inclusive = false };
            return (part with { Planned = target }, Shown(part, $"exactly before transaction {before.Transaction}, which committed at {end.At:yyyy-MM-dd HH:mm:ss.ffffff}", true, null, way.LogBytes, way.Estimate));
        }

        if (plan.Until is not { } time)
        {
            var way = Demand(part, PitrPlanner.Plan(RecoveryTarget.At(Lsn.Parse(part.From.Point["lsn"])), facts));
            return (part with { Planned = part.Recovery(null) }, Shown(part, AtThePoint, true, null, way.LogBytes, way.Estimate));
        }

        var byTime = PitrPlanner.Plan(RecoveryTarget.At(time), facts);
        if (byTime.IsPossible)
        {
            return (part with { Planned = RecoveryTarget.At(time) }, Shown(part, $"by its server's clock at {time:yyyy-MM-dd HH:mm:ss.ffffff}", false, null, byTime.LogBytes, byTime.Estimate));
        }

        // A recovery by time needs a later commit to stop at. Where the archive has everything up to then and nothing was committed, its end is that moment.
        var windows = facts.Histories.MaxBy(known => known.Timeline) is { } line ? RecoveryWindows.Along(line, facts.Backups, facts.Ranges) : [];
        if (windows is not [var window] || window.EndsAt != "head" || window.To >= time
            || !(await grains.GetGrain<IArchiveGrain>(part.From.Name).Status(cancellationToken)).Tiers.Any(tier => tier.AsOf >= time))
        {
            throw Unreachable(part, byTime.Refusal!);
        }

        var head = Lsn.Parse(window.ToPosition);
        var whole = Demand(part, PitrPlanner.Plan(RecoveryTarget.At(head), facts));
        return (part with { Planned = RecoveryTarget.At(head) }, Shown(part, $"at {head}: nothing was committed between then and {time:yyyy-MM-dd HH:mm:ss.ffffff}", false, null, whole.LogBytes, whole.Estimate));
    }

    private async Task<(PartRestore Part, PartRestorePlan Shown)> OfSetAsync(UnifiedRestorePlan plan, PartRestore part, PartRates rates, CancellationToken cancellationToken)
    {
        await using var repository = await repositories.OpenAsync(part.From.Repositories, part.From.Name, cancellationToken);
        var summary = await repository.FindAsync(part.From.Backup, cancellationToken) ?? throw Unreachable(part, $"no tier has backup {part.From.Backup}");
        var from = Position(summary.Facts.GetValueOrDefault(MongoFacts.Position));
        var to = plan.Until is { } time ? new OpTime((uint)time.ToUnixTimeSeconds(), uint.MaxValue, -1) : Position(part.From.Point["opTime"]);
        var stored = await OplogFacts.SlicesAsync(repository, part.From.Name, cancellationToken);
        var lengths = stored.ToDictionary(slice => slice.Name, slice => slice.StoredLength);
        var path = OplogChain.Path(lengths.Keys, from, to);
        if (path is null)
        {
            var reached = OplogChain.Ranges(lengths.Keys).FirstOrDefault(range => range.From <= from && range.To >= from)?.To;
            var windows = OplogWindows.Of(await OplogFacts.BackupsAsync(repository, part.From.Name, cancellationToken), lengths.Keys);
            throw Unreachable(
                part,
                $"the oplog archive of backup {part.From.Backup} leads {(reached is { } end ? $"from {from} to {end} ({end.Time:u})" : "nowhere")}, not to {to.Time:u}; {OplogWindows.Nearest(windows, to.Time).Text}");
        }

        var stop = plan.Until is { } until ? $"by its primary's clock at {until:yyyy-MM-dd HH:mm:ss.fff}" : AtThePoint;
        return (part, Shown(part, stop, plan.Until is null, rates.MongoDb, path.Sum(slice => lengths[slice]), null));
    }

    private static PartRestorePlan Shown(PartRestore part, string stop, bool isExact, double? rate, long? logBytes, TimeSpan? estimate) => new()
    {
        Kind = part.From.Kind,
        Name = part.From.Name,
        Backup = part.From.Backup,
        Stop = stop,
        IsExact = isExact,
        BaseBytes = part.From.LogicalBytes,
        LogBytes = logBytes,
        Estimate = estimate ?? (rate is > 0 ? TimeSpan.FromSeconds(part.From.LogicalBytes / rate.Value) : null),
    };

    private static PitrPlan Demand(PartRestore part, PitrPlan plan) => plan.IsPossible ? plan : throw Unreachable(part, plan.Refusal!);

    private static OpTime Position(string? text) =>
        OpTime.TryParse(text, out var position) ? position : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"'{text}' is no position of an oplog"));

    private static DrMeshException Unreachable(PartRestore part, string reason) => new(
        DrMeshError.RestoreTargetUnusable, $"{part.Target} cannot be restored there: {reason}", $"drmesh pitr windows {part.From.Name} shows what can be reached");
}
