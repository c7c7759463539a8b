using System.Globalization;
using DrMesh.Contracts.Recovery;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Asks every member how it stands. In a failover nobody is waited for long: who is silent now is asked again when it matters.</summary>
internal sealed class ObserveMembersStep(RecoveryMembersFactory members) : ClusterStep(DrSteps.ObserveMembers, members)
{
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(3);

    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken)
    {
        var limit = members.Context.Plan.Kind == RecoveryKind.Failover ? Brief : Patient;
        var answers = await Task.WhenAll(members.Cluster.Members.Select(async member => (member.Name, Answer: await members.StatusAsync(member.Name, limit, cancellationToken))));
        return StepResult.Done([.. answers.Select(entry => (
            entry.Name,
            entry.Answer.Value is { } status
                ? string.Create(CultureInfo.InvariantCulture, $"{status.Role} timeline {status.Timeline} at {status.Lsn}, epoch {status.Epoch}{(status.IsFenced ? ", fenced" : "")}")
                : entry.Answer.Problem ?? "silent"))]);
    }
}
