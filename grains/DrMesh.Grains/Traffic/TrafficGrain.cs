using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Traffic;

/// <summary>
/// The durable shell of a service's traffic. An order is persisted before anything is done; its work runs beside the grain's calls, persists
/// each phase, and is taken up again by whoever activates the grain next: a repeated order, the reminder, or the session that waits.
/// </summary>
internal sealed class TrafficGrain(
    [PersistentState(TrafficGrain.StateName)] IPersistentState<TrafficRecord> record,
    ITrafficDeclarations declarations,
    TrafficSteps steps,
    TimeProvider time,
    ILogger<TrafficGrain> logger) : Grain, ITrafficGrain, IRemindable
{
    /// <summary>What the stored record is called.</summary>
    public const string StateName = "traffic";

    private const string ResumeReminder = "resume";
    private static readonly TimeSpan ResumeEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReminderLimit = TimeSpan.FromMilliseconds(500);
    private IGrainTimer? _work;

    private ServiceId Service => new(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        StartWork();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<TrafficStatus> GetStatus(CancellationToken cancellationToken)
    {
        var (service, _) = await declarations.FindAsync(Service, cancellationToken);
        return Status(service);
    }

    /// <inheritdoc/>
    public async Task<TrafficPlan> Plan(SwitchTraffic order, CancellationToken cancellationToken)
    {
        var (service, provider) = await declarations.FindAsync(Service, cancellationToken);
        var (next, answer) = TrafficOrders.Accept(record.State.State, order, service, provider, time.GetUtcNow());
        if (answer.Phase == TrafficPhase.Refused || next.Running is not { } work)
        {
            return new TrafficPlan { Changes = [], Refusals = [$"{answer.Detail}; {answer.Hint}"] };
        }

        var plan = await steps.PlanAsync(work, cancellationToken);
        return new TrafficPlan
        {
            Changes = [.. plan.Change?.Changes.Where(change => change.MovesAnswers).Select(change => change.ToString()) ?? []],
            Warnings = plan.Warnings,
            Refusals = plan.Refusals,
            OldAnswersLiveFor = plan.OldAnswersLiveFor,
        };
    }

    /// <inheritdoc/>
    public async Task<TrafficOperation> Switch(SwitchTraffic order, CancellationToken cancellationToken)
    {
        var (service, provider) = await declarations.FindAsync(Service, cancellationToken);
        var (next, answer) = TrafficOrders.Accept(record.State.State, order, service, provider, time.GetUtcNow());
        if (next != record.State.State)
        {
            // The safety net first: an order recorded by a silo that dies in this moment must be found again.
            await RememberAsync();
            await PersistAsync(next);
            logger.Accepted(Service, order.OperationId, answer.From, answer.To, answer.Epoch, order.Reason);
        }
        else if (answer.Phase == TrafficPhase.Refused)
        {
            logger.Refused(Service, order.OperationId, answer.Detail);
        }

        StartWork();
        return answer;
    }

    /// <inheritdoc/>
    public async Task<TrafficStatus> Reconcile(CancellationToken cancellationToken)
    {
        var (service, provider) = await declarations.FindAsync(Service, cancellationToken);
        var state = record.State.State;
        if (state.Running is null && state.Active is { } active && service.Mode == TrafficMode.Records)
        {
            var drift = await steps.ReconcileAsync(service, provider, active, new OwnerMark(Service, state.Epoch, state.Generation), cancellationToken);
            await PersistAsync(state with { Drift = drift, ReconciledAt = time.GetUtcNow() });
        }

        return Status(service);
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (record.State.State.Running is not null)
        {
            StartWork();
        }
        else if (await this.GetReminder(reminderName) is { } spent)
        {
            await this.UnregisterReminder(spent);
        }
    }

    // The part of the mesh that keeps reminders may be what was just lost, and the name has to move all the same: whoever gave the order asks again.
    private async Task RememberAsync()
    {
        try
        {
            await this.RegisterOrUpdateReminder(ResumeReminder, ResumeEvery, ResumeEvery, CancellationToken.None).WaitAsync(ReminderLimit, time);
        }
        catch (TimeoutException late)
        {
            logger.NotRemembered(Service, late);
        }
    }

    private void StartWork()
    {
        if (_work is null && record.State.State.Running is not null)
        {
            _work = this.RegisterGrainTimer(WorkAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (record.State.State.Running is { } work)
            {
                var next = await steps.StepAsync(record.State.State, work, cancellationToken);
                await PersistAsync(next);
                var last = next.LastOperation()!;
                logger.Advanced(Service, work.Operation.OperationId, work.Operation.Phase, last.Phase, last.Detail);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo stops; the recorded phase is taken up elsewhere.
        }
        catch (Exception fault)
        {
            // Whatever was not persisted is asked of the provider again by the next activation.
            logger.WorkFailed(Service, fault);
            DeactivateOnIdle();
        }
        finally
        {
            _work?.Dispose();
            _work = null;
        }
    }

    private async Task PersistAsync(TrafficState next)
    {
        var before = record.State;
        record.State = new TrafficRecord { State = next };
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            // Another activation may own the record by now: this one's memory proves nothing any more.
            record.State = before;
            DeactivateOnIdle();
            throw;
        }
    }

    private TrafficStatus Status(ServiceDefinition service)
    {
        var state = record.State.State;
        return new TrafficStatus
        {
            Service = service,
            Active = state.Active,
            Epoch = state.Epoch,
            Generation = state.Generation,
            Last = state.LastOperation(),
            Drift = state.Drift,
            ReconciledAt = state.ReconciledAt,
        };
    }
}
