using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Estate;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;
using DrMesh.Grains.Regions;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Backups.Unified.Steps;

/// <summary>Copies one part: a cluster from the member that is fittest, a tree on its own machine.</summary>
internal sealed class CopyPartStep(
    AppliedEstates estates, IPostgresEngine engine, SiloNodes silos, NodeWork work, SiloIdentity here, IGrainFactory grains, TimeProvider time) : IStepRunner<UnifiedBackupPlan>
{
    private static readonly TimeSpan ArchivePatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ArchivePoll = TimeSpan.FromMilliseconds(250);

    public StepName Step => UnifiedBackupMachine.CopyPart;

    public async Task<StepResult> RunAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken)
    {
        var part = context.Plan.Part(context.Target);
        if (part.Kind == PartKind.PostgreSql)
        {
            return await CopyClusterAsync(context, part, cancellationToken);
        }

        var node = part.Kind == PartKind.Files ? (await estates.CurrentAsync(cancellationToken)).FileTree(part.Name).Used().Node : here.Node;
        var order = PartOrder.Of($"{context.Session}/{context.Key}", PartAction.Copy, part, part.Copy(context.Plan.Backup)) with
        {
            IsFull = context.Plan.IsFull, Labels = Labels(context),
        };
        return await work.RunAsync(node, order, context.Report, cancellationToken);
    }

    private async Task<StepResult> CopyClusterAsync(StepContext<UnifiedBackupPlan> context, UnifiedPart part, CancellationToken cancellationToken)
    {
        if (await ArchiveTroubleAsync(part.Name, cancellationToken) is { } trouble)
        {
            return StepResult.Failed($"the continuous archive of {part.Name}, which must lead from the copy to the point, does not run: {trouble}");
        }

        var estate = await estates.CurrentAsync(cancellationToken);
        var servers = estate.Servers(estate.PostgreSql(new ClusterId(part.Name)));
        var candidates = await Task.WhenAll(servers.Select(server => engine.ObserveAsync(server, cancellationToken)));
        var systemId = candidates.FirstOrDefault(candidate => candidate is { IsReachable: true, IsPrimary: true })?.SystemId;
        var choice = BackupSourceChoice.Choose(systemId, candidates, new BackupSourcePolicy());
        if (choice.Node is not { } source)
        {
            return StepResult.Failed($"no member of {part.Name} can be backed up: {string.Join("; ", choice.Unfit.Select(member => $"{member.Node}: {member.Reason}"))}");
        }

        var way = silos.IsActive(source) ? BackupWay.Beside : BackupWay.Remote;
        var order = new BackupOrder
        {
            Key = $"{context.Session}/{context.Key}",
            Cluster = new ClusterId(part.Name),
            Source = source,
            Way = way,
            Backup = part.Copy(context.Plan.Backup),
            IsFull = context.Plan.IsFull,
            Repositories = part.Repositories,
            CompressionLevel = part.CompressionLevel,
            Parallelism = part.Parallelism,
            Labels = Labels(context),
        };
        var result = await work.RunAsync(way == BackupWay.Beside ? source : here.Node, order, context.Report, cancellationToken);
        return result with { Evidence = result.Evidence.SetItem("source", source.ToString()) };
    }

    // An archive that begins after the copy ended would leave a hole between the two.
    private async Task<string?> ArchiveTroubleAsync(string cluster, CancellationToken cancellationToken)
    {
        var archive = grains.GetGrain<IArchiveGrain>(cluster);
        var began = time.GetTimestamp();
        while (true)
        {
            var status = await archive.Status(cancellationToken);
            if (status is { IsStreaming: true, Received: not null })
            {
                return null;
            }

            if (time.GetElapsedTime(began) > ArchivePatience)
            {
                return status.Trouble ?? "it does not stream";
            }

            await Task.Delay(ArchivePoll, time, cancellationToken);
        }
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Labels(StepContext<UnifiedBackupPlan> context) =>
        context.Plan.Labels.SetItem(UnifiedLabels.Application, context.Plan.Application).SetItem(UnifiedLabels.Unified, context.Session.Value);
}
