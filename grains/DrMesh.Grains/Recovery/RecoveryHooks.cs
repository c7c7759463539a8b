using System.Collections.Concurrent;
using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Core.Traffic;
using DrMesh.Grains.Estate;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Recovery;

/// <summary>Calls the estate's hooks around a DR session.</summary>
internal sealed class RecoveryHooks(EstateCache estates, IHookRunner runner, TimeProvider time, ILogger<RecoveryHooks> logger)
{
    private readonly ConcurrentDictionary<(SessionId Session, string Hook), Task> _telling = new();

    /// <summary>Calls one and returns what it said.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.HookFailed"/>: it failed, or the estate has no such hook any more.</exception>
    public async Task<string> CallAsync(SessionState<RecoveryPlan> state, string hook, string id, string what, string text, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var declared = estate.Hooks.FirstOrDefault(known => known.Name == hook)
            ?? throw new DrMeshException(DrMeshError.HookFailed, $"the estate has no hook {hook} any more", "declare it again, or take it out of the application's hooks");
        var call = new HookCall
        {
            Id = id, Event = what, At = time.GetUtcNow(), Session = state.Id.Value, Subject = state.Plan.Application, From = state.Plan.From.Value, To = To(state), Text = text,
        };
        return await runner.RunAsync(declared, call, cancellationToken);
    }

    /// <summary>
    /// Tells everyone who wants to know which phases a session has come to. Nobody waits for it: each hook is told in order, beside the session, and a failure is logged and stops nothing.
    /// </summary>
    public void Tell(SessionState<RecoveryPlan> state, IEnumerable<SessionTransition> moved)
    {
        foreach (var (transition, number) in state.Transitions.Select((transition, number) => (transition, number)).Where(entry => moved.Contains(entry.transition)).ToArray())
        {
            foreach (var hook in state.Plan.Hooks.Notify)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{state.Id}/phase-{number}");
                _telling.AddOrUpdate(
                    (state.Id, hook),
                    _ => Task.Run(() => TellAsync(state, hook, id, transition)),
                    (_, before) => before.ContinueWith(_ => TellAsync(state, hook, id, transition), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap());
            }
        }
    }

    private async Task TellAsync(SessionState<RecoveryPlan> state, string hook, string id, SessionTransition transition)
    {
        try
        {
            await CallAsync(state, hook, id, "phase", $"{state.Title}: {transition.To}, {transition.Reason}", CancellationToken.None);
        }
        catch (Exception failure)
        {
            logger.NotTold(state.Id, hook, transition.To, failure.Message);
        }
        finally
        {
            if (state.IsEnded)
            {
                _telling.TryRemove((state.Id, hook), out _);
            }
        }
    }

    private static string? To(SessionState<RecoveryPlan> state)
    {
        if (state.Plan.Clusters.IsEmpty)
        {
            return state.Evidence(DrSteps.ChooseSetPrimary, state.Plan.Sets[0].Cluster.Value, "region") is { Length: > 0 } region ? region : state.Plan.To?.Value;
        }

        var move = state.Plan.Clusters[0];
        return state.Evidence(DrSteps.ChooseCandidate, move.Cluster.Value, "candidate") is { } candidate ? move.RegionOf(candidate) : state.Plan.To?.Value;
    }
}
