using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Recovery.Steps;

/// <summary>Looks once more at who leads and at former members, and gives the set back. Their regions keep those from electing that are not back yet.</summary>
internal sealed class SettleSetStep(ReplicaSets sets) : SetStep(DrSteps.SettleSet, sets)
{
    protected override async Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, SetMove move, MongoAddress address, CancellationToken cancellationToken)
    {
        var chosen = SetSession.Read(context.State, context.Target);
        if (chosen?.Candidate is not { } host)
        {
            await ReleaseAsync(context, move, cancellationToken);
            return StepResult.Refused($"{move.Cluster} was left as it is: {chosen?.Reason}; drmesh failover {context.Plan.Application} asks a person what to do");
        }

        var seen = await Sets.Control.ObserveAsync(address, cancellationToken);
        if (seen.Primary?.Host != host)
        {
            return StepResult.Failed($"{(seen.Primary is { } primary ? move.NameOf(primary.Host) : "nobody")} leads {move.Cluster}, not {move.NameOf(host)}");
        }

        var former = await Task.WhenAll(chosen.Lost.Select(async lost => ($"former.{move.NameOf(lost)}", Told(await Sets.Control.LookAsync(address, lost, cancellationToken)))));
        await ReleaseAsync(context, move, cancellationToken);
        return StepResult.Done([("primary", move.NameOf(host)), .. former]);
    }

    private static string Told(MemberLook look) => look.Problem ?? $"{look.State}, configuration {look.ConfigVersion}";
}
