using System.Runtime.CompilerServices;
using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Sessions;

/// <summary>
/// The grain of a durable session. A kind derives from it, carries <c>[GrainType("session-KIND")]</c>, and adds its own start method, which ends in <see cref="BeginAsync"/>.
/// Activation goes on with an unfinished session by itself.
/// </summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
/// <param name="state">The session's state: <c>[PersistentState("session")]</c>.</param>
/// <param name="services">What sessions of the kind work with.</param>
public abstract class SessionGrain<TPlan>(IPersistentState<StoredSession<TPlan>> state, SessionServices<TPlan> services)
    : Grain, ISessionGrain, IRemindable, ISessionHost<TPlan>
    where TPlan : class
{
    private const string Reminder = "wake";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestSession = TimeSpan.FromDays(30);
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    private SessionLoop<TPlan>? _loop;
    private IGrainTimer? _alarm;

    /// <summary>This session's id: the grain's key.</summary>
    protected SessionId Id => new(this.GetPrimaryKeyString());

    /// <summary>Who makes the call being served.</summary>
    protected string Caller => services.Caller.Name;

    private SessionLoop<TPlan> Loop => _loop ?? throw new InvalidOperationException("the grain is not active");

    private SessionState<TPlan> Known => Loop.State ?? throw new DrMeshException(
        DrMeshError.SessionUnknown, $"no session {Id} has begun", "drmesh sessions list names them");

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.State.Session is { } stored)
        {
            state.State.Session = services.Kind.Machine.Adopt(stored);
        }

        _loop = new SessionLoop<TPlan>(services, state, this);
        if (Loop.State is { IsEnded: false })
        {
            Stay();
            await Loop.HandleAsync(new SessionInput.Woken(services.Time.GetUtcNow(), services.Silo));
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_loop is not { } loop)
        {
            return;
        }

        services.Roster.Remove(Id, this);
        await loop.CloseAsync(LeavePatience);
        if (loop.State is { IsEnded: false })
        {
            try
            {
                await services.Table.LetGoAsync(Id, services.Silo, cancellationToken);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                services.Logger.TableUnreachable($"session {Id} was let go", failure);
            }
        }
    }

    /// <inheritdoc/>
    public Task<SessionSummary> Get(CancellationToken cancellationToken = default) => Task.FromResult(SessionViews.Summarize(Known, Loop.ProgressOf));

    /// <inheritdoc/>
    public async IAsyncEnumerable<SessionEvent> Watch(long after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _ = Known;
        await foreach (var happened in Loop.WatchAsync(Math.Max(0, after), cancellationToken))
        {
            yield return happened;
        }
    }

    /// <inheritdoc/>
    public async Task<CancelResult> Cancel(string reason, CancellationToken cancellationToken = default)
    {
        var answer = services.Kind.Machine.AnswerCancel(Known);
        if (answer.Accepted)
        {
            await Loop.HandleAsync(new SessionInput.CancelAsked(services.Time.GetUtcNow(), Caller, reason));
        }

        return answer;
    }

    /// <inheritdoc/>
    public async Task<ApproveResult> Approve(string approval, CancellationToken cancellationToken = default)
    {
        var answer = services.Kind.Machine.AnswerApprove(Known, approval, Caller);
        if (answer.Accepted)
        {
            await Loop.HandleAsync(new SessionInput.ApprovalGiven(services.Time.GetUtcNow(), approval, Caller));
        }

        return answer;
    }

    /// <inheritdoc/>
    public Task<SessionExplanation> Explain(CancellationToken cancellationToken = default)
    {
        var known = Known;
        return Task.FromResult(new SessionExplanation
        {
            Summary = SessionViews.Summarize(known, Loop.ProgressOf),
            Transitions = [.. known.Transitions],
            Events = [.. known.Events],
            Plan = JsonSerializer.Serialize(known.Plan, StateJson.Options),
        });
    }

    /// <inheritdoc/>
    public Task Wake(CancellationToken cancellationToken = default) => Loop.State switch
    {
        // Claimed in the table, and the caller died before the session began.
        null => services.Table.ForgetAsync(Id, cancellationToken),
        // The row was not brought up to date when the session ended.
        { IsEnded: true } ended => services.Table.UpdateAsync(SessionViews.ToEntry(ended), services.Silo, cancellationToken),
        // The activation that this call found, or made, is at work.
        _ => Task.CompletedTask,
    };

    /// <inheritdoc/>
    async Task IRemindable.ReceiveReminder(string reminderName, TickStatus status)
    {
        if (Loop.State is null or { IsEnded: true } && await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    /// <summary>Begins this session, or says why not. Safe to repeat.</summary>
    /// <param name="subject">What it is about. Another unfinished session of this kind about the same is a refusal that names it.</param>
    /// <param name="title">What it does, in one line.</param>
    /// <param name="plan">The accepted plan.</param>
    protected async Task<StartResult> BeginAsync(string subject, string title, TPlan plan)
    {
        if (Loop.State is not null)
        {
            return StartResult.Already(Id);
        }

        var created = services.Kind.Machine.Create(Id, subject, title, Caller, plan, services.Time.GetUtcNow());
        var holder = await services.Table.ClaimAsync(SessionViews.ToEntry(created), services.Silo, CancellationToken.None);
        if (holder != Id)
        {
            return StartResult.Refused(
                DrMeshError.SessionConflict, $"session {holder} already works on {subject}", $"watch it: drmesh sessions watch {holder}", holder);
        }

        Stay();
        await Loop.BeginAsync(created);
        _ = RememberAsync();
        return StartResult.Started(Id);
    }

    /// <summary>Called after phase changes were stored; must not wait for anything.</summary>
    /// <param name="state">The session as stored.</param>
    /// <param name="moved">The changes, in order.</param>
    protected virtual void OnMoved(SessionState<TPlan> state, IReadOnlyList<SessionTransition> moved)
    {
    }

    // The safety net behind the supervisor, and not waited for: the part of the mesh that keeps this reminder may just have died, which is what this session is about.
    private async Task RememberAsync()
    {
        try
        {
            await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            services.Logger.TableUnreachable($"session {Id} has no reminder", failure);
        }
    }

    void ISessionHost<TPlan>.GiveUp() => DeactivateOnIdle();

    void ISessionHost<TPlan>.WakeAt(DateTimeOffset? at)
    {
        _alarm?.Dispose();
        _alarm = null;
        if (at is { } time)
        {
            var wait = time - services.Time.GetUtcNow();
            _alarm = this.RegisterGrainTimer(
                _ => Loop.HandleAsync(new SessionInput.TimeReached(services.Time.GetUtcNow())),
                new GrainTimerCreationOptions { DueTime = wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        }
    }

    void ISessionHost<TPlan>.Moved(SessionState<TPlan> state, IReadOnlyList<SessionTransition> moved) => OnMoved(state, moved);

    void ISessionHost<TPlan>.Ended()
    {
        services.Roster.Remove(Id, this);
        DelayDeactivation(TimeSpan.FromTicks(-1));
    }

    // An unfinished session is at work between calls too; its activation must not be collected as idle.
    private void Stay()
    {
        services.Roster.Add(Id, this);
        DelayDeactivation(LongestSession);
    }
}
