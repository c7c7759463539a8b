using System.Collections.Concurrent;

namespace DrMesh.TestKit.Crash;

/// <summary>Counts the writes and effects of one session and strikes once, at the armed point. Shared by all silos of the cluster.</summary>
public sealed class CrashScript
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, bool> _dead = new();
    private CrashPoint? _armed;
    private string _session = "";
    private int _writes;
    private int _effects;
    private TaskCompletionSource<string> _struck = New();
    private volatile Task _deathIsKnown = Task.CompletedTask;
    private TaskCompletionSource<string> _known = New();

    /// <summary>How many writes of the session were seen since it was armed.</summary>
    public int Writes => _writes;

    /// <summary>How many effects of the session were seen since it was armed.</summary>
    public int Effects => _effects;

    /// <summary>Completes with the silo's name when the point was reached.</summary>
    public Task<string> Struck => _struck.Task;

    /// <summary>Begins to count for a session; with a point, to strike there.</summary>
    public void Arm(string session, CrashPoint? point)
    {
        lock (_lock)
        {
            (_session, _armed, _writes, _effects, _struck) = (session, point, 0, 0, New());
        }
    }

    /// <summary>The silo that was struck is dead, and the others know.</summary>
    public void DeathIsKnown(string silo) => _known.TrySetResult(silo);

    /// <summary>Throws when the silo is dead: nothing of it may reach the store or the world.</summary>
    public void EnsureAlive(string silo)
    {
        if (_dead.ContainsKey(silo))
        {
            throw new SiloDiedException(silo);
        }
    }

    /// <summary>
    /// Runs a write or an effect with the crash around it. Between a strike and the silo's end nobody goes on: whoever did would ask agents of the dying silo, and end otherwise than where it
    /// is dead at once.
    /// </summary>
    public async Task<T> RunAsync<T>(string silo, string owner, bool isWrite, Func<Task<T>> work)
    {
        EnsureAlive(silo);
        await _deathIsKnown;
        var number = Count(owner, isWrite);
        Strike(silo, number, isWrite ? CrashMoment.BeforeWrite : CrashMoment.BeforeEffect);
        var result = await work();
        Strike(silo, number, isWrite ? CrashMoment.AfterWrite : CrashMoment.AfterEffect);
        return result;
    }

    private static TaskCompletionSource<string> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int Count(string owner, bool isWrite)
    {
        lock (_lock)
        {
            return !owner.Contains(_session, StringComparison.Ordinal) ? 0 : isWrite ? ++_writes : ++_effects;
        }
    }

    private void Strike(string silo, int number, CrashMoment moment)
    {
        lock (_lock)
        {
            if (number == 0 || _armed is not { } armed || armed.Moment != moment || armed.Number != number)
            {
                return;
            }

            _armed = null;
            if (armed.Manner == CrashManner.SiloDies)
            {
                _dead[silo] = true;
                _known = New();
                _deathIsKnown = _known.Task;
            }

            _struck.TrySetResult(silo);
        }

        throw new SiloDiedException(silo);
    }
}
