using System.Collections.Immutable;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Estate;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Backups.Unified.Steps;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>Writes one id through every part of an application, side by side.</summary>
internal sealed class PartPoints(AppliedEstates estates, PostgresPrimary primaries, IPostgresPoints postgres, IMongoPoints mongo, NodeWork work, TimeProvider time)
{
    /// <summary>Finds the primaries and makes them ready for markers, so that nothing of it falls into the window.</summary>
    public async Task<IReadOnlyDictionary<string, PostgresServer>> PrepareAsync(UnifiedBackupPlan plan, EstateDocument estate, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, PostgresServer>(StringComparer.Ordinal);
        foreach (var part in plan.Parts.Where(part => part.Kind == PartKind.PostgreSql))
        {
            var primary = await primaries.FindAsync(estate, new ClusterId(part.Name), cancellationToken);
            await postgres.PrepareAsync(primary, cancellationToken);
            found[part.Target] = primary;
        }

        return found;
    }

    /// <summary>Takes the point in every part.</summary>
    public async Task<PointsTaken> TakeAsync(
        StepContext<UnifiedBackupPlan> context, string point, IReadOnlyDictionary<string, PostgresServer> servers, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var began = time.GetTimestamp();
        var marks = context.Plan.Parts.Select(part => TimedAsync(() => MarkAsync(part))).ToArray();
        var snapshots = context.Plan.Parts.Zip(marks).Where(pair => pair.First.Kind == PartKind.Files).Select(pair => SnapshotAsync(pair.First, pair.Second)).ToArray();
        await Task.WhenAll(marks);
        await Task.WhenAll(snapshots);
        var facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (target, name, value) in context.Plan.Parts.Zip(marks).SelectMany(pair => pair.Second.Result.Facts.Select(fact => (pair.First.Target, fact.Name, fact.Value)))
            .Concat(snapshots.SelectMany(snapshot => snapshot.Result)))
        {
            facts[$"{target}.{name}"] = value;
        }

        return new PointsTaken(facts.ToImmutable(), marks.Max(mark => mark.Result.After), snapshots.Length == 0 ? TimeSpan.Zero : time.GetElapsedTime(began));

        async Task<(TimeSpan After, IReadOnlyList<(string Name, string Value)> Facts)> TimedAsync(Func<Task<IReadOnlyList<(string, string)>>> mark)
        {
            var told = await mark();
            return (time.GetElapsedTime(began), told);
        }

        async Task<IReadOnlyList<(string, string)>> MarkAsync(UnifiedPart part)
        {
            switch (part.Kind)
            {
                case PartKind.PostgreSql:
                    var at = await postgres.MarkAsync(servers[part.Target], point, cancellationToken);
                    return [("restorePoint", at.RestorePoint), ("lsn", at.Position.ToString()), ("timeline", at.Timeline.ToString()), ("transaction", $"{at.Transaction}")];
                case PartKind.MongoDb:
                    var address = await estate.MongoAsync(estate.MongoDb(new ClusterId(part.Name)), cancellationToken);
                    var operation = await mongo.MarkAsync(address, point, cancellationToken);
                    return [("opTime", operation.Position.ToString()), ("clusterTime", operation.ClusterTime)];
                default:
                    await OrderAsync(part, PartOrder.Of($"{context.Session}/{context.Key}/mark/{part.Name}", PartAction.Mark, part, part.Copy(context.Plan.Backup)) with { Point = point });
                    return [("marker", TreeWorker.Marker)];
            }
        }

        async Task<IEnumerable<(string Target, string Name, string Value)>> SnapshotAsync(UnifiedPart part, Task mark)
        {
            await mark;
            var order = PartOrder.Of(
                $"{context.Session}/{context.Key}/snapshot/{part.Name}", PartAction.Snapshot, part, part.Snapshot(context.Plan.Backup, context.Key.Attempt)) with
            {
                Parent = part.Copy(context.Plan.Backup),
                Labels = context.Plan.Labels.SetItem(UnifiedLabels.Application, context.Plan.Application).SetItem(UnifiedLabels.Unified, context.Session.Value),
            };
            return (await OrderAsync(part, order)).Select(fact => (part.Target, fact.Key, fact.Value));
        }

        async Task<ImmutableSortedDictionary<string, string>> OrderAsync(UnifiedPart part, PartOrder order)
        {
            var result = await work.RunAsync(estate.FileTree(part.Name).Used().Node, order, context.Report, cancellationToken);
            return result.Outcome switch
            {
                StepOutcome.Done => result.Evidence,
                StepOutcome.Stopped => throw new OperationCanceledException(cancellationToken),
                _ => throw new DrMeshException(DrMeshError.PointNotTaken, $"{part.Target}: {result.Reason}", "see the log of the silo on the tree's machine"),
            };
        }
    }
}
