using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Sessions;

/// <summary>
/// The loop of one session in one activation: decide, store, and only then act. All but the steps themselves runs on the activation's scheduler, one input after another.
/// </summary>
internal sealed class SessionLoop<TPlan>
    where TPlan : class
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(250);

    private readonly SessionServices<TPlan> _services;
    private readonly IPersistentState<StoredSession<TPlan>> _store;
    private readonly ISessionHost<TPlan> _host;
    private readonly TaskScheduler _scheduler;
    private readonly InputQueue _inputs = new();
    private readonly Dictionary<StepKey, StepRun> _running = [];
    private readonly ConcurrentDictionary<StepKey, SessionEvent> _progress = new();
    private TaskCompletionSource _changed = NewSignal();
    private SessionEntry? _unlisted;
    private Task _listing = Task.CompletedTask;
    private bool _closed;

    /// <summary>Creates the loop; call it on the activation's scheduler.</summary>
    /// <param name="services">What sessions of the kind work with.</param>
    /// <param name="store">The activation's state, already read.</param>
    /// <param name="host">The activation.</param>
    public SessionLoop(SessionServices<TPlan> services, IPersistentState<StoredSession<TPlan>> store, ISessionHost<TPlan> host)
    {
        _services = services;
        _store = store;
        _host = host;
        _scheduler = TaskScheduler.Current;
    }

    /// <summary>The session as stored; null: none has begun.</summary>
    public SessionState<TPlan>? State => _store.State.Session;

    /// <summary>What a running step last said of itself.</summary>
    public string? ProgressOf(StepRecord step) => _progress.GetValueOrDefault(step.Key)?.Text;

    /// <summary>Begins the session.</summary>
    public Task BeginAsync(SessionState<TPlan> created) => HandleAsync(created, new SessionInput.Begun(created.StartedAt));

    /// <summary>Takes one input: decides, stores the new state, then starts what follows.</summary>
    /// <exception cref="DrMeshException">The state could not be stored; nothing was started and the activation is going.</exception>
    public Task HandleAsync(SessionInput input) => HandleAsync(null, input);

    /// <summary>The events above <paramref name="after"/>, then those to come and progress between them, until the session or this activation ends.</summary>
    public async IAsyncEnumerable<SessionEvent> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var told = new Dictionary<StepKey, SessionEvent>();
        while (!_closed && State is { } state)
        {
            var changed = _changed.Task;
            for (; after < state.LastSequence; after++)
            {
                yield return state.Events[(int)after];
            }

            if (state.IsEnded)
            {
                yield break;
            }

            foreach (var (key, progress) in _progress.Where(running => !told.TryGetValue(running.Key, out var last) || last != running.Value))
            {
                told[key] = progress;
                yield return progress with { Sequence = after };
            }

            await Task.WhenAny(changed, Task.Delay(ProgressEvery, _services.Time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Stops every step, waits a moment for them to leave, and drops what they still say.</summary>
    public async Task CloseAsync(TimeSpan patience)
    {
        Close();
        await Task.WhenAll(_running.Values.Select(run => run.Ended).Append(_listing))
            .WaitAsync(patience, _services.Time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Close()
    {
        _closed = true;
        foreach (var run in _running.Values)
        {
            run.Abandon();
        }

        _changed.TrySetResult();
    }

    private async Task HandleAsync(SessionState<TPlan>? created, SessionInput input)
    {
        using (await _inputs.TakeTurnAsync())
        {
            if (_closed || (created ?? State) is not { } state)
            {
                return;
            }

            var decision = _services.Kind.Machine.Decide(state, input);
            if (decision.Dropped is { } reason)
            {
                _services.Logger.Dropped(state.Id, reason);
                return;
            }

            await StoreAsync(decision.State);
            Tell(state, decision.State);
            Act(decision);
        }
    }

    private async Task StoreAsync(SessionState<TPlan> state)
    {
        var before = _store.State.Session;
        try
        {
            _store.State.Session = state;
            await _store.WriteStateAsync();
        }
        catch (Exception failure)
        {
            // Whether the write took place is not known here. Whoever reads the store next knows. The cause stays in this silo's log: it may not cross the wire.
            _store.State.Session = before;
            _services.Logger.GaveUp(state.Id, failure);
            Close();
            _host.GiveUp();
            throw new DrMeshException(
                DrMeshError.ControlStoreUnreachable,
                $"the state of session {state.Id} could not be stored: {failure.Message}",
                "the session goes on from its last stored state as soon as the control store answers; see drmesh sessions show");
        }

        _unlisted = SessionViews.ToEntry(state);
        if (_listing.IsCompleted)
        {
            _listing = ListAsync();
        }

        if (state.IsEnded)
        {
            // Whoever sees the end may begin another session on the same subject at once.
            await _listing;
        }
    }

    // The row only follows the state, and no step waits for it. Of several changes the last is written; one that could not be is made good by the next or by the supervisor.
    private async Task ListAsync()
    {
        while (_unlisted is { } entry)
        {
            _unlisted = null;
            try
            {
                await _services.Table.UpdateAsync(entry, _services.Silo, CancellationToken.None);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                _services.Logger.TableUnreachable($"session {entry.Id} changed", failure);
            }
        }
    }

    private void Tell(SessionState<TPlan> before, SessionState<TPlan> after)
    {
        SessionTransition[] moved = [.. after.Transitions.Skip(before.Transitions.Count)];
        foreach (var transition in moved)
        {
            _services.Logger.Moved(after.Id, transition.Rule, transition.From, transition.To, transition.Reason);
        }

        if (moved.Length > 0)
        {
            _host.Moved(after, moved);
        }

        if (after.IsEnded)
        {
            _services.Logger.Ended(after.Id, after.Status, after.Outcome);
            _host.Ended();
        }

        var told = _changed;
        _changed = NewSignal();
        told.TrySetResult();
    }

    private void Act(Decision<TPlan> decision)
    {
        _host.WakeAt(decision.Effects.OfType<SessionEffect.WakeAt>().Select(effect => (DateTimeOffset?)effect.At).Min());
        foreach (var effect in decision.Effects)
        {
            if (effect is SessionEffect.RunStep run)
            {
                Start(decision.State, run);
            }
            else if (effect is SessionEffect.StopStep stop && _running.TryGetValue(stop.Key, out var running))
            {
                running.Stop();
            }
        }
    }

    private void Start(SessionState<TPlan> state, SessionEffect.RunStep effect)
    {
        var machine = _services.Kind.Machine;
        var context = new StepContext<TPlan>
        {
            State = state,
            Key = effect.Key,
            InDoubt = effect.InDoubt,
            Report = text => _progress[effect.Key] = ProgressEvent(effect.Key, text),
        };
        var run = new StepRun(machine[effect.Key.Step].Timeout, _services.Time);
        _running[effect.Key] = run;
        var runner = _services.Kind.RunnerOf(effect.Key.Step);
        run.Begin(
            token => runner.RunAsync(context, token),
            failure => _services.Logger.StepThrew(state.Id, effect.Key, failure),
            result => Task.Factory.StartNew(() => EndedAsync(effect.Key, result), CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap());
    }

    private async Task EndedAsync(StepKey key, StepResult result)
    {
        if (_running.Remove(key, out var run))
        {
            run.Dispose();
        }

        _progress.TryRemove(key, out _);
        try
        {
            await HandleAsync(new SessionInput.StepEnded(_services.Time.GetUtcNow(), key, result));
        }
        catch (DrMeshException)
        {
            // Logged where it happened. The outcome is lost with this activation; the next one asks the receiver.
        }
    }

    private SessionEvent ProgressEvent(StepKey key, string text) => new()
    {
        Sequence = 0,
        At = _services.Time.GetUtcNow(),
        Kind = SessionEventKind.StepProgressed,
        Text = text,
        Data = StepResult.Done(("step", key.Step.Value), ("target", key.Target)).Evidence,
    };
}
