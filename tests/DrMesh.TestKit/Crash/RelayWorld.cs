using System.Collections.Concurrent;
using System.Globalization;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.TestKit.Crash;

/// <summary>What the relay's steps act on: outlives every silo, remembers what was done under which key, and counts an effect that was done twice.</summary>
public sealed class RelayWorld
{
    private readonly ConcurrentDictionary<string, string> _done = new();
    private readonly ConcurrentDictionary<string, int> _calls = new();

    /// <summary>How often a call was made, by session, step and target.</summary>
    public IReadOnlyDictionary<string, int> Calls => _calls;

    /// <summary>What was done in a session, sorted: where each parcel is.</summary>
    public string Describe(SessionId session) =>
        string.Join("; ", _done.Where(done => done.Key.StartsWith(session.Value + "/", StringComparison.Ordinal))
            .Select(done => $"{done.Key[(session.Value.Length + 1)..]} {done.Value}").Order(StringComparer.Ordinal));

    /// <summary>Does a step, or finds it done. A second epoch for one road is refused, as an agent would.</summary>
    public StepResult Do<TPlan>(StepContext<TPlan> context)
        where TPlan : class
    {
        var step = context.Key.Step.Value;
        _calls.AddOrUpdate($"{context.Session}/{step}/{context.Target}", 1, (_, calls) => calls + 1);
        var thing = context.Target.Length == 0 ? "parcels" : context.Target;
        var first = _done.TryAdd($"{context.Session}/{step}/{thing}", "done");
        return StepResult.Done(("found", (!first).ToString(CultureInfo.InvariantCulture))) with
        {
            RaisedEpoch = context.Key.Step == RelayMachine.OpenRoad ? 1 : null,
        };
    }
}
