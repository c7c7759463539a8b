using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Failback: members that were taken out come in again, one at a time, first without a vote. Only once all are in and caught up is none of them a former member any more.</summary>
internal sealed class RejoinSetMembersStep(ReplicaSets sets, TimeProvider time) : SetStep(DrSteps.RejoinSetMembers, sets)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, CancellationToken cancellationToken)
    {
        var joined = new List<string>();
        while (true)
        {
            var seen = await Sets.Control.ObserveAsync(address, cancellationToken);
            var growth = SetGrowth.Of(seen, move, await FitAsync(move, address, seen, cancellationToken));
            if (growth.IsDone)
            {
                return await TakeBackAsync(move, joined, cancellationToken);
            }

            if (growth.Next is { } next)
            {
                // The session holds the set later only; that it changes nothing another one works on is seen here, and by the version of the configuration there.
                if (await Sets.FindAsync(move.Cluster, cancellationToken) is { Session: { } other } && other != context.Session)
                {
                    return StepResult.Refused($"session {other} holds {move.Cluster}");
                }

                await Sets.Control.ReconfigureAsync(address, new SetAction.Reconfigure(seen.Primary!.Host, next, IsForced: false), seen.ConfigVersion, cancellationToken);
                joined.AddRange(next.Seats.Select(seat => move.NameOf(seat.Host)).Except(seen.Members.Select(member => move.NameOf(member.Host))));
            }
            else
            {
                context.Report(growth.Waits!);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    // A member that still leads by a configuration of before would be a second primary.
    private async Task<IReadOnlyCollection<string>> FitAsync(SetMove move, MongoAddress address, MongoSet seen, CancellationToken cancellationToken)
    {
        var outside = move.Members.Select(member => member.Host).Except(seen.Members.Select(member => member.Host));
        var looks = await Task.WhenAll(outside.Select(async host => (host, look: await Sets.Control.LookAsync(address, host, cancellationToken))));
        return [.. looks.Where(entry => entry.look.State is not (MongoMemberState.Down or MongoMemberState.Primary)).Select(entry => entry.host)];
    }

    private async Task<StepResult> TakeBackAsync(SetMove move, IReadOnlyCollection<string> joined, CancellationToken cancellationToken)
    {
        var record = await Sets.Records.FindAsync(move.Cluster, cancellationToken);
        return record is { FormerMembers.IsEmpty: false } && !await Sets.Records.TryStoreAsync(record.TakeBack(), cancellationToken)
            ? StepResult.Failed($"the record of {move.Cluster} changed meanwhile")
            : StepResult.Done(("joined", string.Join(',', joined)));
    }
}
