using DrMesh.Contracts.Recovery;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Databases;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Takes the cluster for the session: the epoch rises by compare-and-set. Whoever still works under a lower one is refused from here on.</summary>
internal sealed class RaiseEpochStep(RecoveryMembersFactory members, IClusterRecords records, MemberBoard board, TimeProvider time) : ClusterStep(DrSteps.RaiseEpoch, members)
{
    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var session = members.Context.Session;
        if (await records.FindAsync(members.Cluster.Name, cancellationToken) is not { } record)
        {
            return StepResult.Refused($"the control store has no record of {members.Cluster.Name}");
        }

        if (record.Session is { } other && other != session)
        {
            return StepResult.Refused($"session {other} holds {members.Cluster.Name}");
        }

        if (record.Session is null && record.Primary != members.Move.OldPrimary)
        {
            return StepResult.Refused($"{record.Primary} leads {members.Cluster.Name} by now, not {members.Move.OldPrimary}");
        }

        var raised = record.Raise(session, members.Context.Plan.Kind == RecoveryKind.Failover ? time.GetUtcNow() : null);
        if (!await records.TryStoreAsync(raised, cancellationToken))
        {
            return StepResult.Failed($"the record of {members.Cluster.Name} changed meanwhile");
        }

        board.Note(raised);
        return StepResult.Done(("sets", AcknowledgingSetText.Write(raised.OpenSets))) with { RaisedEpoch = raised.Epoch };
    }
}
