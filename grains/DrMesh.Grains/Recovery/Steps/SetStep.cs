using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>A step of a DR session on one replica set. A set that does not answer, or refuses, is a failed try.</summary>
internal abstract class SetStep(StepName step, ReplicaSets sets) : IStepRunner<RecoveryPlan>
{
    public StepName Step => step;

    protected ReplicaSets Sets => sets;

    public async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, CancellationToken cancellationToken)
    {
        var move = context.Plan.Set(context.Target);
        try
        {
            return await RunAsync(context, move, await sets.AddressAsync(move.Cluster, cancellationToken), cancellationToken);
        }
        catch (DrMeshException failure) when (failure.Code is DrMeshError.MongoUnreachable or DrMeshError.MongoRefused)
        {
            return StepResult.Failed($"{failure.Message}; {failure.Hint}");
        }
    }

    /// <summary>Does it.</summary>
    protected abstract Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, CancellationToken cancellationToken);

    /// <summary>The record, as long as the session holds it under its epoch; null: it does not any more.</summary>
    protected async Task<ClusterRecord?> HeldAsync(StepContext<RecoveryPlan> context, SetMove move, CancellationToken cancellationToken) =>
        await sets.Records.FindAsync(move.Cluster, cancellationToken) is { } record && record.Session == context.Session && record.Epoch == context.Key.Epoch ? record : null;

    /// <summary>The session lets go of the set; nothing when it does not hold it.</summary>
    protected async Task ReleaseAsync(StepContext<RecoveryPlan> context, SetMove move, CancellationToken cancellationToken)
    {
        while (await sets.Records.FindAsync(move.Cluster, cancellationToken) is { } record && record.Session == context.Session)
        {
            if (await sets.Records.TryStoreAsync(record.Release(), cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>What a step says whose set another has by now.</summary>
    protected static StepResult Overtaken(SetMove move) => StepResult.Refused($"{move.Cluster} is under another epoch or session by now");
}
