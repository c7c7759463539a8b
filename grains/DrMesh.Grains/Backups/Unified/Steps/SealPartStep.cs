using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Regions;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Backups.Unified.Steps;

/// <summary>Waits until the repository holds a part up to the point, then checks that every object of it is there.</summary>
internal sealed class SealPartStep(
    ApplicationRepositories repositories, IPostgresEngine engine, NodeWork work, SiloIdentity here, IGrainFactory grains, TimeProvider time) : IStepRunner<UnifiedBackupPlan>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public StepName Step => UnifiedBackupMachine.SealPart;

    public async Task<StepResult> RunAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken)
    {
        var part = context.Plan.Part(context.Target);
        await using var repository = await repositories.OpenAsync(part.Repositories, part.Target, cancellationToken);
        var logged = part.Kind switch
        {
            PartKind.PostgreSql => await WaitForWalAsync(context, part, repository, cancellationToken),
            PartKind.MongoDb => await work.RunAsync(here.Node, OplogOrder(context, part), context.Report, cancellationToken),
            _ => await DropOthersAsync(context, part, repository, cancellationToken),
        };
        if (logged.Outcome != StepOutcome.Done)
        {
            return logged;
        }

        var backup = UnifiedFacts.Backup(context.State, part);
        var report = await repository.VerifyAsync(new VerifyRequest { Backup = backup, Depth = VerifyDepth.Presence }, null, cancellationToken);
        return report.Damages.Count == 0
            ? logged with { Evidence = logged.Evidence.SetItem("backup", backup.Value).SetItem("objects", $"{report.Objects}") }
            : StepResult.Failed(string.Join("; ", report.Damages.Take(5).Select(damage => $"{damage.Tier} {damage.Key}: {damage.Fact}")));
    }

    private async Task<StepResult> WaitForWalAsync(StepContext<UnifiedBackupPlan> context, UnifiedPart part, IBackupRepository repository, CancellationToken cancellationToken)
    {
        var point = Lsn.Parse(UnifiedFacts.Point(context.State, part, "lsn"));
        var archive = grains.GetGrain<IArchiveGrain>(part.Name);
        while (true)
        {
            var status = await archive.Status(cancellationToken);
            if (status.Tiers.FirstOrDefault(tier => Lsn.Parse(tier.Position) >= point) is { } reached)
            {
                context.Report($"the archive has the point: {reached.Tier} at {reached.Position}");
                break;
            }

            context.Report($"the archive stands at {status.Received ?? "nothing"}, the point at {point}{(status.Trouble is { } trouble ? $"; {trouble}" : "")}");
            await Task.Delay(Poll, time, cancellationToken);
        }

        // What the archive says of itself is one thing; that a recovery from this very copy finds all it needs is another.
        var facts = await engine.ReadPitrFactsAsync(new ClusterId(part.Name), repository, new RestoreRates(null, null), findRestorePoints: false, cancellationToken);
        var copy = part.Copy(context.Plan.Backup).Value;
        var plan = PitrPlanner.Plan(RecoveryTarget.At(point), facts with { Backups = [.. facts.Backups.Where(known => known.Id == copy)] });
        return plan.Refusal is { } refusal
            ? StepResult.Failed($"the repository does not lead from {copy} to {point}: {refusal}")
            : StepResult.Done(("lsn", point.ToString()), ("logBytes", $"{plan.LogBytes}"));
    }

    private static PartOrder OplogOrder(StepContext<UnifiedBackupPlan> context, UnifiedPart part) =>
        PartOrder.Of($"{context.Session}/{context.Key}", PartAction.Archive, part, part.Copy(context.Plan.Backup)) with
        {
            Point = UnifiedFacts.Point(context.State, part, "opTime"),
        };

    // The base of the snapshot and the snapshots of points that were dropped have served; content is shared and stays where it is needed.
    private static async Task<StepResult> DropOthersAsync(StepContext<UnifiedBackupPlan> context, UnifiedPart part, IBackupRepository repository, CancellationToken cancellationToken)
    {
        var kept = UnifiedFacts.Backup(context.State, part);
        var locked = await PartBackups.RemoveAsync(repository, PartBackups.Of(context.State, part).Where(id => id != kept), cancellationToken);
        return StepResult.Done(("checksum", UnifiedFacts.Point(context.State, part, "treeChecksum")), ("locked", string.Join(", ", locked)));
    }
}
