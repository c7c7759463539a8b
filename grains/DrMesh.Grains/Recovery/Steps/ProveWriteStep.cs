using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Writes and reads the epoch on the new primary, waiting for its standbys as a client does, unless too few of them are there, which the estate lets writes wait for. Standbys that
/// acknowledged this write have all that came before it, so the record then names their set alone; otherwise every set stays open, and the cluster's keeper closes them later.
/// </summary>
internal sealed class ProveWriteStep(RecoveryMembersFactory members, IClusterRecords records, MemberBoard board) : ClusterStep(DrSteps.ProveWrite, members)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(9);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var answer = await members.OrderAsync(members.Candidate, new WriteEpoch { Command = members.Command, Waits = !members.CandidateIsShort }, Limit, cancellationToken);
        if (answer.Value is { Obeyed: true } && !members.CandidateIsShort)
        {
            if (await records.FindAsync(members.Cluster.Name, cancellationToken) is not { } record || record.Epoch != members.Epoch || record.Session != members.Context.Session)
            {
                return StepResult.Refused($"{members.Cluster.Name} is under another epoch or session by now");
            }

            var closed = record.Close(members.Candidate, members.CandidateSet);
            if (!await records.TryStoreAsync(closed, cancellationToken))
            {
                return StepResult.Failed($"the record of {members.Cluster.Name} changed meanwhile");
            }

            board.Note(closed);
        }

        return members.ToResult(answer, ("primary", members.Candidate), ("write", answer.Value?.Detail ?? ""), ("waited", members.CandidateIsShort ? "false" : "true"));
    }
}
