using DrMesh.Contracts.Agents;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Recovery.Sites;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Brings the other site up from base backup and archive, under the epoch as it is: nothing is taken from the primary yet, and a session that stops here has only copied.</summary>
internal sealed class RestoreSiteStep(RecoveryMembersFactory members, NodeWork work, IClusterRecords records) : ClusterStep(DrSteps.RestoreSite, members)
{
    protected override async Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken) =>
        await records.FindAsync(members.Cluster.Name, cancellationToken) is not { } record || record.Primary != members.Move.OldPrimary
            ? StepResult.Refused($"{members.Move.OldPrimary} no longer leads {members.Cluster.Name}")
            : await BringingUp.RunAsync(members, record.Epoch, mayRestore: true, work, cancellationToken);
}

/// <summary>Replays what was archived while the site came up and until the old primary was fenced, under the session's epoch.</summary>
internal sealed class FollowArchiveStep(RecoveryMembersFactory members, NodeWork work) : ClusterStep(DrSteps.FollowArchive, members)
{
    protected override Task<StepResult> RunAsync(RecoveryMembers members, CancellationToken cancellationToken) =>
        BringingUp.RunAsync(members, members.Epoch, mayRestore: false, work, cancellationToken);
}

/// <summary>What both share.</summary>
internal static class BringingUp
{
    public static Task<StepResult> RunAsync(RecoveryMembers members, long epoch, bool mayRestore, NodeWork work, CancellationToken cancellationToken)
    {
        var member = members.Move.Site?.Member ?? throw new InvalidOperationException($"the plan brings no site of {members.Cluster.Name} up");
        var order = new SiteOrder
        {
            Key = members.Command.OperationId,
            Cluster = members.Cluster.Name,
            Member = member,
            Command = AgentCommand.Of(members.Command.OperationId, epoch),
            MayRestore = mayRestore,
        };
        return work.RunAsync(members.Member(member).Node, order, members.Context.Report, cancellationToken);
    }
}
