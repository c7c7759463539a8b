using DrMesh.Core.Restores.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Restores.Steps;

/// <summary>Has one stage of a restore done on its machine; each of the three steps that do so names its stage.</summary>
internal abstract class RestoreStageStep(StepName step, RestoreStage stage, NodeWork work) : IStepRunner<RestorePlan>
{
    public StepName Step => step;

    public Task<StepResult> RunAsync(StepContext<RestorePlan> context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        var order = new RestoreOrder
        {
            Key = $"{context.Session}/{context.Key}",
            Stage = stage,
            Cluster = plan.Cluster,
            Repositories = plan.Repositories,
            Backup = plan.Backup,
            Target = plan.Target,
            Directory = plan.Directory,
            Port = plan.Port,
            IsDelta = plan.IsDelta,
            Parallelism = plan.Parallelism,
            TablespaceMap = plan.TablespaceMap,
        };
        return work.RunAsync(plan.Node, order, context.Report, cancellationToken);
    }
}

/// <summary>Writes the base backup and sets recovery up.</summary>
internal sealed class RestoreBaseStep(NodeWork work) : RestoreStageStep(RestoreMachine.RestoreBase, RestoreStage.Files, work);

/// <summary>Starts the server and replays to the target.</summary>
internal sealed class ReplayLogStep(NodeWork work) : RestoreStageStep(RestoreMachine.ReplayLog, RestoreStage.Recover, work);

/// <summary>Stops the restored server.</summary>
internal sealed class StopRestoredStep(NodeWork work) : RestoreStageStep(RestoreMachine.StopRestored, RestoreStage.Stop, work);
