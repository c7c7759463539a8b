using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Core.Restores.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Restores.Steps;

/// <summary>Compares what the server reached, as the replay recorded it, with the target.</summary>
internal sealed class ValidateReachedStep : IStepRunner<RestorePlan>
{
    public StepName Step => RestoreMachine.ValidateReached;

    public Task<StepResult> RunAsync(StepContext<RestorePlan> context, CancellationToken cancellationToken)
    {
        var evidence = context.State.Find(RestoreMachine.ReplayLog)?.Evidence ?? throw new InvalidOperationException("the log was not replayed");
        var reached = new RecoveryReached
        {
            Position = Lsn.Parse(evidence["position"]),
            LastTransactionAt = evidence["time"] is { Length: > 0 } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null,
            Timeline = new TimelineId(uint.Parse(evidence["timeline"], CultureInfo.InvariantCulture)),
            IsInRecovery = bool.Parse(evidence["inRecovery"]),
        };
        return Task.FromResult(reached.Miss(context.Plan.Target) is { } miss
            ? StepResult.Refused(miss)
            : StepResult.Done(("target", context.Plan.Target.ToString()), ("position", evidence["position"]), ("time", evidence["time"])));
    }
}
