using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Promotes the candidate. Before the order is given, the set its commits will wait for is stored as open, by compare-and-set under the session's epoch: a session that goes on
/// later, or another after it, then knows who may have acknowledged for this candidate.
/// </summary>
internal sealed class PromoteCandidateStep(RecoveryMembersFactory members, IClusterRecords records, MemberBoard board) : ClusterStep(DrSteps.PromoteCandidate, members)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(29);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var set = members.CandidateSet;
        if (await records.FindAsync(members.Cluster.Name, cancellationToken) is not { } record || record.Epoch != members.Epoch || record.Session != members.Context.Session)
        {
            return StepResult.Refused($"{members.Cluster.Name} is under another epoch or session by now");
        }

        // A start that was overtaken by the confirmation finds the candidate as the one that leads: there is nothing left to announce.
        if (!record.OpenSets.Contains(set) || (record.Candidate != members.Candidate && record.Primary != members.Candidate))
        {
            var opened = record.Promote(members.Candidate, set);
            if (!await records.TryStoreAsync(opened, cancellationToken))
            {
                return StepResult.Failed($"the record of {members.Cluster.Name} changed meanwhile");
            }

            board.Note(opened);
        }

        var answer = await members.OrderAsync(members.Candidate, new PromoteServer { Command = members.Command, Set = set }, Limit, cancellationToken);
        return members.ToResult(
            answer, ("member", members.Candidate), ("timeline", $"{answer.Value?.Timeline}"), ("lsn", $"{answer.Value?.Lsn}"), ("acknowledging", set.ToString()));
    }
}
