using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Traffic;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// Moves a service's names to the region of the primary they follow, and waits until every authoritative server answers so. The order's id is the session's: given again, it is the same order.
/// The order is carried out here; the service's grain is told afterwards, or carries it on where it has begun already.
/// </summary>
internal sealed class SwitchServiceStep(EstateCache estates, DirectTrafficSwitch desk, IGrainFactory grains, TimeProvider time) : IStepRunner<RecoveryPlan>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    public StepName Step => DrSteps.SwitchService;

    public async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var declared = estate.Services.First(service => service.Name == context.Target);
        if ((estate.ClusterOf(declared) ?? context.Plan.Order[0]) is var cluster && RegionOf(context, cluster) is not { } to)
        {
            return StepResult.Done(("left", "its cluster does not move"));
        }

        var order = new SwitchTraffic
        {
            OperationId = $"{context.Session}/{context.Target}/{context.State.Visit}",
            To = to,
            Epoch = context.State.Epochs.GetValueOrDefault(cluster.Value),
            Reason = context.State.Title,
        };
        var (service, provider) = EstateDeclarations.Find(estate, new ServiceId(context.Target));
        var operation = await desk.SwitchAsync(service, provider, order, context.Report, cancellationToken);
        if (operation is null)
        {
            operation = await FollowAsync(context, order, cancellationToken);
        }
        else
        {
            _ = TellAsync(order);
        }

        (string, string)[] evidence =
        [
            ("to", to.Value), ("phase", operation.Phase.ToString()), ("detail", operation.Detail),
            .. operation.Evidence.Select((fact, number) => (string.Create(CultureInfo.InvariantCulture, $"evidence.{number}"), fact.Fact)),
        ];
        return operation.Phase switch
        {
            TrafficPhase.Switched => StepResult.Done(evidence),
            TrafficPhase.Refused => StepResult.Refused($"{operation.Detail}; {operation.Hint}", evidence),
            _ => StepResult.Failed($"{operation.Detail}; {operation.Hint}", evidence),
        };
    }

    private async Task<TrafficOperation> FollowAsync(StepContext<RecoveryPlan> context, SwitchTraffic order, CancellationToken cancellationToken)
    {
        var operation = await AskAsync(order, cancellationToken);
        while (operation.EndedAt is null)
        {
            context.Report($"{operation.Phase}: {operation.Detail}");
            await Task.Delay(Poll, time, cancellationToken);
            operation = await AskAsync(order, cancellationToken);
        }

        return operation;
    }

    // An activation that remembers the record as it was before finds that out by this order, and leaves; the next one reads it anew.
    private async Task TellAsync(SwitchTraffic order)
    {
        try
        {
            await Traffic(order).Switch(order, CancellationToken.None).WaitAsync(AnswerLimit, time);
        }
        catch (Exception)
        {
            // It was lost with the region, or has just left.
        }
    }

    private ITrafficGrain Traffic(SwitchTraffic order) => grains.GetGrain<ITrafficGrain>(order.OperationId.Split('/')[1]);

    // Where the cluster, or the replica set, is led from now; null: it does not move.
    private static RegionId? RegionOf(StepContext<RecoveryPlan> context, ClusterId cluster)
    {
        if (context.Plan.Clusters.FirstOrDefault(one => one.Cluster == cluster) is { } move)
        {
            var primary = context.State.Evidence(DrSteps.ChooseCandidate, cluster.Value, "candidate") ?? throw new InvalidOperationException("no candidate is chosen yet");
            return move.Nodes[primary].Region;
        }

        return context.State.Evidence(DrSteps.ChooseSetPrimary, cluster.Value, "region") is { Length: > 0 } region ? new RegionId(region) : null;
    }

    // The same order again starts nothing twice; after a lost silo it is taken up wherever the grain lives next.
    private async Task<TrafficOperation> AskAsync(SwitchTraffic order, CancellationToken cancellationToken)
    {
        var traffic = Traffic(order);
        while (true)
        {
            try
            {
                return await traffic.Switch(order, cancellationToken).WaitAsync(AnswerLimit, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Its silo may have died with the region; the runtime finds it another.
            }
        }
    }
}
