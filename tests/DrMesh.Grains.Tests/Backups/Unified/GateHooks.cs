using System.Collections.Concurrent;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Traffic;

namespace DrMesh.Grains.Tests.Backups.Unified;

/// <summary>The application's side of its hooks, in this process: quiesce waits for the orders under way and lets none begin; after the time it was told it lets go by itself.</summary>
internal sealed class GateHooks : IHookRunner, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _lock = new();
    private TaskCompletionSource _open = Opened();
    private int _underWay;

    /// <summary>What was called, in order.</summary>
    public ConcurrentQueue<HookCall> Calls { get; } = [];

    /// <summary>What happens once the application holds its writes; null: nothing.</summary>
    public Func<Task>? OnQuiesce { get; set; }

    /// <summary>Whether the application writes now.</summary>
    public bool IsOpen => _open.Task.IsCompleted;

    /// <summary>Does one order when the application may write.</summary>
    public async Task WriteAsync(Func<Task> order)
    {
        while (true)
        {
            await _open.Task;
            lock (_lock)
            {
                if (_open.Task.IsCompleted)
                {
                    _underWay++;
                    break;
                }
            }
        }

        try
        {
            await order();
        }
        finally
        {
            lock (_lock)
            {
                _underWay--;
            }
        }
    }

    public async Task<string> RunAsync(HookDefinition hook, HookCall call, CancellationToken cancellationToken)
    {
        Calls.Enqueue(call);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (call.Event == "quiesce")
            {
                Hold(TimeSpan.FromSeconds(call.DeadManSeconds!.Value));
                while (UnderWay() > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
                }

                if (OnQuiesce is { } then)
                {
                    OnQuiesce = null;
                    await then();
                }
            }
            else if (call.Event == "resume")
            {
                _open.TrySetResult();
            }

            return "done";
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task<string> CaptureAsync(HookDefinition hook, HookCall call, CancellationToken cancellationToken)
    {
        Calls.Enqueue(call);
        return Task.FromResult("{\"generation\":7}");
    }

    public void Dispose() => _gate.Dispose();

    private void Hold(TimeSpan deadMan)
    {
        lock (_lock)
        {
            if (_open.Task.IsCompleted)
            {
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        var held = _open;
        _ = Task.Delay(deadMan, TimeProvider.System).ContinueWith(_ => held.TrySetResult(), TaskScheduler.Default);
    }

    private int UnderWay()
    {
        lock (_lock)
        {
            return _underWay;
        }
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
