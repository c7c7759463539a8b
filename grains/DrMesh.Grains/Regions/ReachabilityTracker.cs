using DrMesh.Contracts.Regions;

namespace DrMesh.Grains.Regions;

/// <summary>
/// Turns single observations into "reachable since" without flapping: one answer means reachable, only silence of <c>patience</c> means
/// unreachable. Durations are monotonic; the wall clock only names the moment.
/// </summary>
internal sealed class ReachabilityTracker
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private bool _isReachable;
    private long _since;
    private long _lastAnswer;
    private TimeSpan? _roundTrip;
    private string _problem = "it has not answered yet";

    /// <summary>Creates a tracker of something that counts as unreachable until its first answer.</summary>
    public ReachabilityTracker(TimeProvider time, TimeSpan patience)
    {
        _time = time;
        _patience = patience;
        _since = _lastAnswer = time.GetTimestamp();
    }

    /// <summary>What holds now.</summary>
    public Reachability Current
    {
        get
        {
            lock (_gate)
            {
                Expire();
                return new Reachability
                {
                    IsReachable = _isReachable,
                    Since = _time.GetUtcNow() - _time.GetElapsedTime(_since),
                    RoundTrip = _roundTrip,
                    Problem = _isReachable ? null : _problem,
                };
            }
        }
    }

    /// <summary>It answered.</summary>
    public void Answered(TimeSpan roundTrip)
    {
        lock (_gate)
        {
            // A loss nobody asked about in between is one all the same: the time since which it is reachable begins anew.
            Expire();
            _lastAnswer = _time.GetTimestamp();
            _roundTrip = roundTrip;
            if (!_isReachable)
            {
                _isReachable = true;
                _since = _lastAnswer;
            }
        }
    }

    /// <summary>It did not answer, for the given reason.</summary>
    public void Missed(string problem)
    {
        lock (_gate)
        {
            _problem = problem;
            Expire();
        }
    }

    private void Expire()
    {
        if (_isReachable && _time.GetElapsedTime(_lastAnswer) > _patience)
        {
            _isReachable = false;
            _since = _lastAnswer;
        }
    }
}
