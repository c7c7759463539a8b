using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Writes the epoch on the set's new primary, waiting for a majority as a client does.</summary>
internal sealed class ProveSetWriteStep(ReplicaSets sets) : SetStep(DrSteps.ProveSetWrite, sets)
{
    protected override async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, CancellationToken cancellationToken) =>
        SetSession.Read(context.State, context.Target)?.Candidate is not { } host ? StepResult.Done(("left", "no primary was moved"))
        : await HeldAsync(context, move, cancellationToken) is null ? Overtaken(move)
        : StepResult.Done(("primary", move.NameOf(host)), ("position", (await Sets.Control.WriteEpochAsync(address, host, move.Cluster, context.Key.Epoch, cancellationToken)).ToString()));
}
