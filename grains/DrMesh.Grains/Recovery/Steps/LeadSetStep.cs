using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>
/// A step that lets a member lead: looks at the set, does the next thing, looks again, until it does. Before survivors are forced into a set of their own, whom that leaves behind is recorded by
/// compare-and-set under the session's epoch, so that their region keeps them from electing whatever becomes of this session.
/// </summary>
internal abstract class LeadSetStep(StepName step, ReplicaSets sets, TimeProvider time) : SetStep(step, sets)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Lets the chosen member lead.</summary>
    protected async Task<StepResult> LeadAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, SetChoice chosen, CancellationToken cancellationToken)
    {
        while (true)
        {
            var seen = await Sets.Control.ObserveAsync(address, cancellationToken);
            var action = SetActions.Next(seen, move, chosen, SetSession.IsApproved(context.State));
            context.Report(action.ToString());
            if (action is not (SetAction.Wait or SetAction.Done or SetAction.Refuse) && await HeldAsync(context, move, cancellationToken) is null)
            {
                return Overtaken(move);
            }

            switch (action)
            {
                case SetAction.Done done:
                    return await ConfirmAsync(context, move, chosen, done, seen, cancellationToken);
                case SetAction.Refuse refused:
                    // Seen once it may be a connection that was lost: tried again, it is looked at anew.
                    return StepResult.Failed(refused.Why);
                case SetAction.StepDown primary:
                    await Sets.Control.StepDownAsync(address, primary.Host, cancellationToken);
                    break;
                case SetAction.Reconfigure { IsForced: true } force:
                    if (await LeaveBehindAsync(context, move, chosen, seen, cancellationToken) is { } not)
                    {
                        return not;
                    }

                    await Sets.Control.ReconfigureAsync(address, force, seen.ConfigVersion, cancellationToken);
                    break;
                case SetAction.Reconfigure order:
                    await Sets.Control.ReconfigureAsync(address, order, seen.ConfigVersion, cancellationToken);
                    break;
                default:
                    await Task.Delay(Pause, time, cancellationToken);
                    break;
            }
        }
    }

    // Null: it is recorded.
    private async Task<StepResult?> LeaveBehindAsync(StepContext<RecoveryPlan> context, SetMove move, SetChoice chosen, MongoSet seen, CancellationToken cancellationToken)
    {
        if (await HeldAsync(context, move, cancellationToken) is not { } record)
        {
            return Overtaken(move);
        }

        var left = record.LeaveBehind(move.NameOf(chosen.Candidate!), chosen.Lost, seen.ConfigVersion + 1);
        return await Sets.Records.TryStoreAsync(left, cancellationToken) ? null : StepResult.Failed($"the record of {move.Cluster} changed meanwhile");
    }

    private async Task<StepResult> ConfirmAsync(StepContext<RecoveryPlan> context, SetMove move, SetChoice chosen, SetAction.Done done, MongoSet seen, CancellationToken cancellationToken)
    {
        var primary = move.NameOf(chosen.Candidate!);
        if (await HeldAsync(context, move, cancellationToken) is not { } record)
        {
            return Overtaken(move);
        }

        // Who is in the configuration that has this primary is no former member: nothing was forced after all, or a person took it in again.
        var confirmed = record.Confirm(primary) with { FormerMembers = [.. record.FormerMembers.Except(seen.Members.Select(member => member.Host))] };
        return await Sets.Records.TryStoreAsync(confirmed, cancellationToken)
            ? StepResult.Done(("primary", primary), ("position", done.Position.ToString()), ("former", string.Join(',', confirmed.FormerMembers.Select(move.NameOf))))
            : StepResult.Failed($"the record of {move.Cluster} changed meanwhile");
    }
}
