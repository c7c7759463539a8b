using DrMesh.Contracts.Errors;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Sessions;

/// <summary>One start of a step, off the grain's scheduler: its time limit, its stop, and what it ends with.</summary>
internal sealed class StepRun : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _late;
    private readonly TimeSpan _limit;
    private volatile bool _abandoned;

    public StepRun(TimeSpan limit, TimeProvider time)
    {
        _limit = limit;
        _late = new CancellationTokenSource(limit, time);
    }

    /// <summary>Completes when the runner has returned.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts it.</summary>
    /// <param name="work">The runner.</param>
    /// <param name="threw">Told of an exception the runner let out.</param>
    /// <param name="ended">Told of the result, unless the run was abandoned.</param>
    public void Begin(Func<CancellationToken, Task<StepResult>> work, Action<Exception> threw, Func<StepResult, Task> ended)
    {
        var result = Task.Run(() => RunAsync(work, threw));
        Ended = result;
        _ = Task.Run(async () =>
        {
            var outcome = await result;
            if (!_abandoned)
            {
                await ended(outcome);
            }
        });
    }

    /// <summary>The session is cancelled: the runner is to stop and its result still counts.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>The activation is gone: the runner is to stop and nobody listens any more.</summary>
    public void Abandon()
    {
        _abandoned = true;
        _stop.Cancel();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _late.Dispose();
    }

    private async Task<StepResult> RunAsync(Func<CancellationToken, Task<StepResult>> work, Action<Exception> threw)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _late.Token);
        try
        {
            // A runner that does not heed its token must not hold the session: the limit ends the waiting, and the outcome is unknown.
            return await work(either.Token).WaitAsync(_late.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return StepResult.Stopped("stopped on request");
        }
        catch (OperationCanceledException) when (_late.IsCancellationRequested)
        {
            return StepResult.Unknown($"it did not end within {_limit.TotalSeconds:0.#} s");
        }
        catch (DrMeshException known)
        {
            threw(known);
            return StepResult.Failed($"{known.Message}; {known.Hint}");
        }
        catch (Exception fault)
        {
            threw(fault);
            return StepResult.Unknown($"{fault.GetType().Name}: {fault.Message}");
        }
    }
}
