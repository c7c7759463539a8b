using DrMesh.Contracts.Agents;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Work;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>What the steps that bring a member back, and give a cluster back, share.</summary>
internal static class Rejoining
{
    /// <summary>Has a member follow another, by whatever it takes.</summary>
    public static Task<StepResult> RunAsync(
        RecoveryMembers members, string member, string primary, long epoch, NodeWork work, CancellationToken cancellationToken)
    {
        var order = new RejoinOrder
        {
            Key = members.Command.OperationId,
            Cluster = members.Cluster.Name,
            Member = member,
            Command = AgentCommand.Of(members.Command.OperationId, epoch),
            Upstream = members.At(primary),
        };
        return work.RunAsync(members.Member(member).Node, order, members.Context.Report, cancellationToken);
    }

    /// <summary>The result of a former primary's return, with what only it had beside what was shown before another was promoted; as it is where nothing was shown or counted.</summary>
    public static StepResult Told(StepResult result, ShownLoss? shown) =>
        shown is not null && result.Evidence.ContainsKey(LossAccount.Bytes) ? result with { Evidence = result.Evidence.SetItems(LossAccount.Of(shown, result.Evidence)) } : result;

    /// <summary>The session lets go of the cluster; nothing when it no longer holds it.</summary>
    public static async Task ReleaseAsync(RecoveryMembers members, IClusterRecords records, MemberBoard board, CancellationToken cancellationToken)
    {
        while (await records.FindAsync(members.Cluster.Name, cancellationToken) is { } record && record.Session == members.Context.Session)
        {
            if (await records.TryStoreAsync(record.Release(), cancellationToken))
            {
                board.Note(record.Release());
                return;
            }
        }
    }
}
