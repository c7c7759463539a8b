using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Regions;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Backups.Steps;

/// <summary>Has the chosen member backed up, on its own machine where a silo runs there, else from here.</summary>
internal sealed class RunBackupStep(NodeWork work, SiloIdentity here) : IStepRunner<BackupPlan>
{
    public StepName Step => BackupMachine.RunBackup;

    public async Task<StepResult> RunAsync(StepContext<BackupPlan> context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        var source = NodeId.TryParse(Chosen("node")) ?? throw new InvalidOperationException("the chosen source is not region/node");
        var way = Enum.Parse<BackupWay>(Chosen("way"));
        var order = new BackupOrder
        {
            Key = $"{context.Session}/{context.Key}",
            Cluster = plan.Cluster,
            Source = source,
            Way = way,
            Backup = plan.Backup,
            IsFull = plan.IsFull,
            Repositories = plan.Repositories,
            CompressionLevel = plan.CompressionLevel,
            Parallelism = plan.Parallelism,
            Labels = plan.Labels,
        };
        var result = await work.RunAsync(way == BackupWay.Beside ? source : here.Node, order, context.Report, cancellationToken);
        return result with { Evidence = result.Evidence.SetItem("source", source.ToString()) };

        string Chosen(string fact) => context.State.Evidence(BackupMachine.ChooseSource, "", fact)
            ?? throw new InvalidOperationException($"no source was chosen: there is no evidence '{fact}'");
    }
}
