using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Restores.Unified;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Regions;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Restores.Unified.Steps;

/// <summary>What the steps of a unified restore share: the orders for a part, and the machine they go to.</summary>
internal abstract class PartRestoreStep(StepName step, NodeWork work, SiloIdentity here) : IStepRunner<UnifiedRestorePlan>
{
    public StepName Step => step;

    public abstract Task<StepResult> RunAsync(StepContext<UnifiedRestorePlan> context, CancellationToken cancellationToken);

    protected Task<StepResult> OrderAsync(StepContext<UnifiedRestorePlan> context, bool isLook, CancellationToken cancellationToken, bool isCheck = false)
    {
        var part = context.Plan.Part(context.Target);
        var order = new PartRestoreOrder
        {
            Key = $"{context.Session}/{context.Key}",
            IsLook = isLook,
            From = part.From,
            To = part.To,
            Point = context.Plan.Point,
            Until = context.Plan.Until,
            Parallelism = part.Parallelism,
            IsCheck = isCheck,
            Overwrites = context.Plan.Overwrites,
        };
        return work.RunAsync(part.To.Node ?? here.Node, order, context.Report, cancellationToken);
    }

    protected Task<StepResult> OrderAsync(StepContext<UnifiedRestorePlan> context, RestoreStage stage, CancellationToken cancellationToken)
    {
        var part = context.Plan.Part(context.Target);
        var order = new RestoreOrder
        {
            Key = $"{context.Session}/{context.Key}/{stage}",
            Stage = stage,
            Cluster = new ClusterId(part.From.Name),
            Repositories = part.From.Repositories,
            Backup = part.From.Backup,
            Target = part.Recovery(context.Plan.Until),
            Directory = part.To.Directory!,
            Port = part.To.Port!.Value,
            // An earlier attempt may have written all of it; the place was empty before the first.
            IsDelta = context.Key.Attempt > 1,
            Parallelism = part.Parallelism,
            TablespaceMap = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty,
        };
        return work.RunAsync(part.To.Node!.Value, order, context.Report, cancellationToken);
    }
}

/// <summary>Looks whether anything is in the way of one part.</summary>
internal sealed class CheckPlaceStep(NodeWork work, SiloIdentity here) : PartRestoreStep(UnifiedRestoreMachine.CheckPlace, work, here)
{
    public override Task<StepResult> RunAsync(StepContext<UnifiedRestorePlan> context, CancellationToken cancellationToken) => OrderAsync(context, isLook: false, cancellationToken, isCheck: true);
}

/// <summary>Restores one part: a cluster's files and then its log, a set or a tree in one go.</summary>
internal sealed class RestorePartStep(NodeWork work, SiloIdentity here) : PartRestoreStep(UnifiedRestoreMachine.RestorePart, work, here)
{
    public override async Task<StepResult> RunAsync(StepContext<UnifiedRestorePlan> context, CancellationToken cancellationToken)
    {
        if (context.Plan.Part(context.Target).From.Kind != PartKind.PostgreSql)
        {
            return await OrderAsync(context, isLook: false, cancellationToken);
        }

        if (context.Key.Attempt > 1)
        {
            // An attempt whose outcome is not known may have started its server, or promoted it. What is begun anew begins with the files.
            var stopped = await OrderAsync(context, RestoreStage.Stop, cancellationToken);
            if (stopped.Outcome != StepOutcome.Done)
            {
                return stopped;
            }
        }

        var files = await OrderAsync(context, RestoreStage.Files, cancellationToken);
        return files.Outcome == StepOutcome.Done ? await OrderAsync(context, RestoreStage.Recover, cancellationToken) : files;
    }
}

/// <summary>Looks for the marker in one restored part.</summary>
internal sealed class FindMarkerStep(NodeWork work, SiloIdentity here) : PartRestoreStep(UnifiedRestoreMachine.FindMarker, work, here)
{
    public override Task<StepResult> RunAsync(StepContext<UnifiedRestorePlan> context, CancellationToken cancellationToken) => OrderAsync(context, isLook: true, cancellationToken);
}

/// <summary>Stops the restored server of a part.</summary>
internal sealed class StopPartStep(NodeWork work, SiloIdentity here) : PartRestoreStep(UnifiedRestoreMachine.StopPart, work, here)
{
    public override Task<StepResult> RunAsync(StepContext<UnifiedRestorePlan> context, CancellationToken cancellationToken) => OrderAsync(context, RestoreStage.Stop, cancellationToken);
}
