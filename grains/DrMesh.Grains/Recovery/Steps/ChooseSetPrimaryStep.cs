using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Looks at the set and chooses who is to lead. A planned move of what cannot move is refused; in a failover the set is then left as it is, so that it holds up nothing else, and the session's end
/// says so.
/// </summary>
internal sealed class ChooseSetPrimaryStep(ReplicaSets sets) : SetStep(DrSteps.ChooseSetPrimary, sets)
{
    protected override async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, CancellationToken cancellationToken)
    {
        MongoSet? seen = null;
        SetChoice choice;
        try
        {
            seen = await Sets.Control.ObserveAsync(address, cancellationToken);
            choice = SetChoice.Of(seen, move, context.Plan.Kind, Preferred(context));
        }
        catch (DrMeshException away) when (away.Code == DrMeshError.MongoUnreachable && context.Plan.Kind == RecoveryKind.Failover)
        {
            choice = new SetChoice { Way = SetWay.Stay, Reason = away.Message };
        }

        var lastSeen = choice.Way == SetWay.Force ? await Sets.LastSeenAsync(move.Cluster, seen!, cancellationToken) : null;
        (string, string)[] evidence = [.. SetSession.ToEvidence(move, choice, lastSeen), .. seen?.Members.Select(member => ($"member.{move.NameOf(member.Host)}", Told(member))) ?? []];
        return choice.Way == SetWay.Stay && context.Plan.Kind != RecoveryKind.Failover ? StepResult.Refused(choice.Reason, evidence) : StepResult.Done(evidence);
    }

    // Beside the PostgreSQL clusters of the same application, where the plan leaves the choice.
    private static RegionId? Preferred(StepContext<RecoveryPlan> context) =>
        context.Plan.Clusters.FirstOrDefault() is { } first && context.State.Evidence(DrSteps.ChooseCandidate, first.Cluster.Value, "candidate") is { } candidate && first.Nodes.TryGetValue(candidate, out var node)
            ? node.Region
            : null;

    private static string Told(MongoMember member) =>
        string.Create(CultureInfo.InvariantCulture, $"{member.State} votes {member.Votes} priority {member.Priority}{(member.IsReachable ? $" at {member.Applied}" : ", does not answer")}");
}
