using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Work;

/// <summary>Orders work of a machine and follows it to its end, over silos that come and go.</summary>
internal sealed class NodeWork(IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Has <paramref name="order"/> done on <paramref name="node"/>. A silo lost on the way is waited for, then the order is given again; a machine without a silo for
    /// half a minute makes the outcome unknown.
    /// </summary>
    public async Task<StepResult> RunAsync(NodeId node, WorkOrder order, Action<string> report, CancellationToken cancellationToken)
    {
        var worker = grains.GetGrain<INodeWorkGrain>(node.ToString());
        var lastAnswer = time.GetTimestamp();
        // Short work, such as a marker's, is not made long by asking late.
        var pause = FirstPoll;
        while (true)
        {
            try
            {
                var state = cancellationToken.IsCancellationRequested ? await StopAsync(worker, order.Key) : await worker.Start(order);
                lastAnswer = time.GetTimestamp();
                if (state.Progress is { } progress)
                {
                    report(progress);
                }

                if (ResultOf(state) is { } result)
                {
                    return result;
                }
            }
            catch (Exception lost) when (lost is DrMeshException or OrleansException or TimeoutException && time.GetElapsedTime(lastAnswer) < Patience)
            {
                report($"{node} does not answer: {lost.Message}");
            }
            catch (Exception lost) when (lost is DrMeshException or OrleansException or TimeoutException)
            {
                return StepResult.Unknown($"{node} has not answered for {Patience.TotalSeconds} s: {lost.Message}", ("node", node.ToString()), ("blame", "source"));
            }

            await Task.Delay(pause, time, CancellationToken.None);
            pause = pause * 2 < Poll ? pause * 2 : Poll;
        }
    }

    private static async Task<WorkReport> StopAsync(INodeWorkGrain worker, string key)
    {
        await worker.Stop(key);
        return await worker.Report(key) is { State: not WorkState.Unknown } known ? known : new WorkReport { State = WorkState.Stopped };
    }

    private static StepResult? ResultOf(WorkReport state) => state.State switch
    {
        WorkState.Done => new StepResult { Outcome = StepOutcome.Done, Evidence = state.Evidence },
        WorkState.Stopped => StepResult.Stopped("stopped on request"),
        WorkState.Failed => StepResult.Failed(state.Failure ?? "it did not say why", ("error", $"{state.Error}"), ("blame", IsOfSource(state.Error) ? "source" : "repository")),
        _ => null,
    };

    private static bool IsOfSource(DrMeshError? error) => error is { } code && (int)code is >= 700 and < 800;
}
