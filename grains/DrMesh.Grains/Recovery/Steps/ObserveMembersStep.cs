using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Recovery;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Asks every member how it stands. In a failover nobody is waited for long, and the lost primary not at all once the others have answered: who is silent now is asked again when it matters.
/// </summary>
internal sealed class ObserveMembersStep(RecoveryMembersFactory members) : ClusterStep(DrSteps.ObserveMembers, members)
{
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(3);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var limit = members.Context.Plan.Kind == RecoveryKind.Failover ? Brief : Patient;
        var asked = members.Cluster.Members.Select(member => (member.Name, Answer: members.StatusAsync(member.Name, limit, cancellationToken))).ToArray();
        await Task.WhenAll(asked
            .Where(entry => members.Context.Plan.Kind != RecoveryKind.Failover || entry.Name != members.Move.OldPrimary)
            .Select(entry => entry.Answer));
        return StepResult.Done([.. asked.Select(entry => (entry.Name, entry.Answer.IsCompletedSuccessfully ? Describe(entry.Answer.Result) : "no answer yet"))]);
    }

    private static string Describe(AgentAnswer<MemberStatus> answer) => answer.Value is { } status
        ? string.Create(CultureInfo.InvariantCulture, $"{status.Role} timeline {status.Timeline} at {status.Lsn}, epoch {status.Epoch}{(status.IsFenced ? ", fenced" : "")}")
        : answer.Problem ?? "silent";
}
