using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Recovery;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Takes the set for the session: the epoch rises by compare-and-set, and the set has a record from here on. Whoever still works under a lower one is refused.</summary>
internal sealed class RaiseSetEpochStep(ReplicaSets sets, TimeProvider time) : SetStep(DrSteps.RaiseSetEpoch, sets)
{
    protected override async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, CancellationToken cancellationToken)
    {
        if (await Sets.FindAsync(move.Cluster, cancellationToken) is not { } record)
        {
            record = ClusterRecord.Found(move.Cluster, move.OldPrimary, AcknowledgingSet.Nobody);
            if (!await Sets.Records.TryStoreAsync(record, cancellationToken))
            {
                return StepResult.Failed($"the record of {move.Cluster} was made by another meanwhile");
            }
        }

        if (record.Session is { } other && other != context.Session)
        {
            return StepResult.Refused($"session {other} holds {move.Cluster}");
        }

        var raised = record.Raise(context.Session, context.Plan.Kind == RecoveryKind.Failover ? time.GetUtcNow() : null);
        return await Sets.Records.TryStoreAsync(raised, cancellationToken)
            ? StepResult.Done(("primary", record.Primary)) with { RaisedEpoch = raised.Epoch }
            : StepResult.Failed($"the record of {move.Cluster} changed meanwhile");
    }
}
