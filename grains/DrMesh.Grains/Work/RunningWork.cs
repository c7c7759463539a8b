using DrMesh.Contracts.Errors;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Work;

/// <summary>One order being done, off the grain's scheduler.</summary>
internal sealed class RunningWork : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile WorkReport _report = new() { State = WorkState.Running };

    private RunningWork()
    {
    }

    /// <summary>How it stands.</summary>
    public WorkReport Report => _report;

    /// <summary>Completes when it has ended, however it ended.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts it.</summary>
    public static RunningWork Start(IWorker worker, WorkOrder order, ILogger logger)
    {
        var work = new RunningWork();
        work.Ended = Task.Run(() => work.RunAsync(worker, order, logger));
        return work;
    }

    /// <summary>Asks it to stop.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>To be called once it has ended.</summary>
    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(IWorker worker, WorkOrder order, ILogger logger)
    {
        try
        {
            logger.WorkStarted(order.Key);
            var evidence = await worker.DoAsync(order, text => _report = _report with { Progress = text }, _stop.Token);
            _report = new WorkReport { State = WorkState.Done, Evidence = evidence };
            logger.WorkDone(order.Key);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _report = new WorkReport { State = WorkState.Stopped };
            logger.WorkStopped(order.Key);
        }
        catch (Exception failure)
        {
            _report = new WorkReport
            {
                State = WorkState.Failed,
                Failure = failure is DrMeshException known ? $"{known.Message}; {known.Hint}" : failure.Message,
                Error = (failure as DrMeshException)?.Code ?? DrMeshError.Unexpected,
            };
            logger.WorkFailed(order.Key, failure);
        }
    }
}
