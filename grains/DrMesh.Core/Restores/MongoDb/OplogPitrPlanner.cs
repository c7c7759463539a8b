using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Restores.MongoDb;

/// <summary>
/// From a target to a plan for one replica set: the newest backup before it whose oplog leads there. Only a time, the end of the archive and the end of a backup can be planned: the other kinds
/// are PostgreSQL's.
/// </summary>
public static class OplogPitrPlanner
{
    /// <summary>Plans, or says why the target is out of reach and what the nearest moments are.</summary>
    /// <param name="target">The target.</param>
    /// <param name="backups">The backups, any order.</param>
    /// <param name="slices">The archive's slices with their lengths as stored, bytes.</param>
    public static PitrPlan Plan(RecoveryTarget target, IReadOnlyCollection<OplogPoint> backups, IReadOnlyCollection<(OplogSliceName Name, long StoredLength)> slices)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(backups);
        ArgumentNullException.ThrowIfNull(slices);
        if (target.Kind is not (RecoveryTargetKind.Time or RecoveryTargetKind.Latest or RecoveryTargetKind.Immediate))
        {
            return new PitrPlan { Target = target, Refusal = $"{target} is a target of PostgreSQL; a replica set is restored to a time, latest or immediate" };
        }

        var windows = OplogWindows.Of(backups, slices.Select(slice => slice.Name));
        var chosen = target.Time is { } asked ? windows.LastOrDefault(window => window.From <= asked && asked.ToUnixTimeSeconds() < Head(window).Seconds) : windows.Count > 0 ? windows[^1] : null;
        if (chosen is null)
        {
            var (text, before, after) = OplogWindows.Nearest(windows, target.Time ?? DateTimeOffset.MaxValue);
            return new PitrPlan { Target = target, Refusal = windows.Count == 0 ? text : $"{target} lies outside every recovery window; {text}", NearestBefore = before, NearestAfter = after };
        }

        var backup = backups.First(known => known.Id == chosen.Backup);
        var head = Head(chosen);
        var end = target.Kind switch
        {
            RecoveryTargetKind.Immediate => backup.Position,
            RecoveryTargetKind.Time => new OpTime((uint)target.Time!.Value.ToUnixTimeSeconds(), uint.MaxValue, -1),
            _ => head,
        };
        var lengths = slices.ToDictionary(slice => slice.Name, slice => slice.StoredLength);
        long Bytes(OpTime from, OpTime to) => OplogChain.Path(lengths.Keys, from, to)?.Sum(slice => lengths[slice]) ?? 0;
        var reached = target.Time ?? end.Time;
        return new PitrPlan
        {
            Target = target,
            Backup = backup.Id,
            Tier = backup.Tiers.Count > 0 ? backup.Tiers[0] : "",
            LogFrom = backup.Position.ToString(),
            LogTo = end.ToString(),
            BaseBytes = backup.Bytes,
            LogBytes = Bytes(backup.Position, end),
            DataLoss = head.Time - reached,
            DroppedLogBytes = Bytes(end, head),
            Steps =
            [
                new() { Name = "CheckTarget", Text = "check that the replica set it goes into is empty, or may be overwritten" },
                new() { Name = "RestoreBase", Text = $"load the documents of backup {backup.Id}" },
                new() { Name = "ReplayLog", Text = $"replay the oplog after {backup.Position} up to {target}; a transaction not committed by then is left out whole" },
                new() { Name = "BuildIndexes", Text = "create views and indexes" },
            ],
            Rollback = [new() { Name = "DiscardRestored", Text = "drop what was loaded; the set the backup is of was not touched" }],
        };
    }

    private static OpTime Head(RecoveryWindow window) =>
        OpTime.TryParse(window.ToPosition, out var head) ? head : throw new InvalidOperationException($"'{window.ToPosition}' is no position of an oplog");
}
