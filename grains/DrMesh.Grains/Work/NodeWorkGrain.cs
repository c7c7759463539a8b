using DrMesh.Grains.Placement;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Work;

/// <summary>Holds this machine's running work. What it knows dies with the silo: whoever ordered it asks, finds nothing, and orders again.</summary>
[PlacedOnNode, KeepAlive]
internal sealed class NodeWorkGrain(IEnumerable<IWorker> workers, ILogger<NodeWorkGrain> logger) : Grain, INodeWorkGrain
{
    private const int MostEnded = 200;
    private readonly Dictionary<string, RunningWork> _work = [];
    private readonly Queue<string> _ended = [];

    public Task<WorkReport> Start(WorkOrder order)
    {
        if (!_work.TryGetValue(order.Key, out var work))
        {
            var worker = workers.FirstOrDefault(known => known.Does(order)) ?? throw new InvalidOperationException($"nobody does {order.GetType().Name}");
            work = RunningWork.Start(worker, order, logger);
            _work[order.Key] = work;
            Forget(order.Key);
        }

        return Task.FromResult(work.Report);
    }

    public Task<WorkReport> Report(string key) => Task.FromResult(_work.TryGetValue(key, out var work) ? work.Report : WorkReport.Unknown);

    public Task Stop(string key)
    {
        if (_work.TryGetValue(key, out var work))
        {
            work.Stop();
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        foreach (var work in _work.Values)
        {
            work.Stop();
        }

        await Task.WhenAll(_work.Values.Select(work => work.Ended)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    // Reports of the last orders are kept for whoever asks late; those that still run are never dropped.
    private void Forget(string key)
    {
        _ended.Enqueue(key);
        for (var looked = _ended.Count; _work.Count > MostEnded && looked > 0; looked--)
        {
            var oldest = _ended.Dequeue();
            if (_work[oldest].Report.State == WorkState.Running)
            {
                _ended.Enqueue(oldest);
            }
            else
            {
                _work.Remove(oldest, out var ended);
                ended?.Dispose();
            }
        }
    }
}
