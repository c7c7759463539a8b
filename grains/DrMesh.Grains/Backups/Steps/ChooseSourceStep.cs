using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Estate;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;

namespace DrMesh.Grains.Backups.Steps;

/// <summary>Looks at every member and chooses the one to read: a fit standby, the primary as the last resort.</summary>
internal sealed class ChooseSourceStep(AppliedEstates estates, IPostgresEngine engine, SiloNodes silos) : IStepRunner<BackupPlan>
{
    public StepName Step => BackupMachine.ChooseSource;

    public async Task<StepResult> RunAsync(StepContext<BackupPlan> context, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var servers = estate.Servers(estate.PostgreSql(context.Plan.Cluster));
        var candidates = await Task.WhenAll(servers.Select(server => engine.ObserveAsync(server, cancellationToken)));
        var systemId = candidates.FirstOrDefault(candidate => candidate is { IsReachable: true, IsPrimary: true })?.SystemId;
        var choice = BackupSourceChoice.Choose(systemId, Reorder(candidates, context.State), new BackupSourcePolicy());
        var unfit = string.Join("; ", choice.Unfit.Select(member => $"{member.Node}: {member.Reason}"));
        if (choice.Node is not { } chosen)
        {
            return StepResult.Failed($"no member can be backed up: {unfit}", ("unfit", unfit));
        }

        var way = silos.IsActive(chosen) ? BackupWay.Beside : BackupWay.Remote;
        return StepResult.Done(("node", chosen.ToString()), ("way", way.ToString()), ("unfit", unfit));
    }

    // A member whose backup just failed is asked again only when no other is fit.
    private static BackupSourceCandidate[] Reorder(BackupSourceCandidate[] candidates, SessionState<BackupPlan> state)
    {
        var failed = state.Steps
            .Where(step => step.Step == BackupMachine.RunBackup && step.Status is Contracts.Sessions.StepStatus.Failed or Contracts.Sessions.StepStatus.Unknown)
            .Select(step => step.Evidence.GetValueOrDefault("source"))
            .ToHashSet();
        var others = candidates.Where(candidate => !failed.Contains(candidate.Node.ToString())).ToArray();
        return others.Any(candidate => candidate.IsReachable) ? others : candidates;
    }
}
