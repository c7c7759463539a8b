using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery.Simulation;

/// <summary>What is taken away from the rules, to see that the world notices.</summary>
internal enum LeaseMutation
{
    None,
    PromoterDoesNotWait,
    PromoterNeedsNoMajority,
    HolderCountsFromTheAnswer,
    AgentThatAnsweredIsEnough,
    GranterForgetsItsGrantInARestart,
    NothingEndsTheDatabaseOfAFrozenAgent,
    ClocksRunFurtherApartThanTheMargin,
}

/// <summary>
/// A primary whose agent renews its lease, the control store, the voters' agents, and somebody who promotes another member: with links that are cut, one-way losses, slow messages, agents that
/// freeze and restart, and clocks that run apart. It watches that nobody writes beside the promoted one, and that nobody promises while a lease it granted runs.
/// </summary>
internal sealed class LeaseWorld
{
    private const double Seconds = 60;
    private readonly Random _random;
    private readonly LeaseMutation _mutation;
    private readonly PriorityQueue<Action, double> _coming = new();
    private readonly HashSet<string> _cuts = [];
    private readonly LeaseTerm _term = new(TimeSpan.FromSeconds(3));
    private readonly ClusterLease _lease;
    private readonly Dictionary<string, Voter> _voters;
    private readonly Clock _holderClock;
    private readonly Clock _promoterClock;
    private ClusterLease? _stored;
    private bool _raised;
    private double _now;
    private double _frozenUntil;
    private LeaseHolder _holder = LeaseHolder.None;
    private bool _serves;
    private double _endsAt = double.MaxValue;

    public LeaseWorld(int seed, LeaseMutation mutation)
    {
        _random = new Random(seed);
        _mutation = mutation;
        var count = _random.Next(1, 5);
        string[] names = [.. Enumerable.Range(0, count).Select(number => $"v{number}")];
        _lease = new ClusterLease { Cluster = new ClusterId("orders"), Epoch = 1, Holder = "p", Voters = [.. names], Length = _term.Length };
        _voters = names.ToDictionary(name => name, _ => new Voter(Any()));
        (_holderClock, _promoterClock) = (Any(), Any());
    }

    public string? Violation { get; private set; }

    public bool IsPromoted { get; private set; }

    /// <summary>Renewals by the agents that made the lease longer.</summary>
    public int Granted { get; private set; }

    public LeaseWorld Run()
    {
        At(0, Renew);
        At(0, Watch);
        At(_random.NextDouble() * 30, Raise);
        At(0, Disturb);
        while (_coming.TryDequeue(out var next, out var when) && when < Seconds && Violation is null)
        {
            _now = when;
            next();
            if (IsPromoted && !IsWriting && !_holder.Runs(_holderClock.At(_now)))
            {
                // Whoever is down and holds nothing gets nothing any more.
                break;
            }
        }

        return this;
    }

    private bool IsWriting => _serves && _now < _endsAt;

    private bool IsFrozen => _now < _frozenUntil;

    private Clock Any()
    {
        var margin = _mutation == LeaseMutation.ClocksRunFurtherApartThanTheMargin ? 0.2 : 0.0045;
        return new Clock(_random.NextDouble() * 1000, 1 + ((_random.NextDouble() * 2) - 1) * margin);
    }

    private void At(double when, Action action) => _coming.Enqueue(action, when);

    private void Send(string from, string to, Action arrive)
    {
        if (!_cuts.Contains(from + to) && _random.Next(20) > 0)
        {
            At(_now + (_random.Next(6) == 0 ? _random.NextDouble() * 3 : _random.NextDouble() * 0.05), arrive);
        }
    }

    private void Disturb()
    {
        string[] places = ["p", "store", "promoter", .. _voters.Keys];
        switch (_random.Next(8))
        {
            case 0:
                _cuts.Clear();
                break;
            case 1:
                _frozenUntil = _now + (_random.NextDouble() * 8);
                break;
            case 2 when _voters.ElementAt(_random.Next(_voters.Count)).Value is var voter:
                voter.Restart(_now, _mutation != LeaseMutation.GranterForgetsItsGrantInARestart);
                break;
            case 3:
                _cuts.Add("p" + "store");
                break;
            default:
                _cuts.Add(places[_random.Next(places.Length)] + places[_random.Next(places.Length)]);
                break;
        }

        At(_now + (_random.NextDouble() * 3), Disturb);
    }

    // The agent beside the primary: the store first, then the agents.
    private void Renew()
    {
        At(_now + _term.RenewalPeriod.TotalSeconds, Renew);
        if (IsFrozen)
        {
            return;
        }

        var sent = _holderClock.At(_now);
        var isAnswered = false;
        _holder = _holder.Sending(_lease, sent);
        Send("p", "store", () =>
        {
            if (_raised)
            {
                Send("store", "p", () => _holder = _holder.Refused());
                return;
            }

            _stored = _lease;
            Send("store", "p", () => Heard(() =>
            {
                isAnswered = true;
                _holder = _holder.Confirmed(_lease, _mutation == LeaseMutation.HolderCountsFromTheAnswer ? _holderClock.At(_now) : sent, isSettled: true);
            }));
        });
        At(_now + _term.RenewalPeriod.TotalSeconds / 2, () =>
        {
            if (!isAnswered && !IsFrozen && _holder.MayAskAgents)
            {
                AskAgents();
            }
        });
    }

    private void AskAgents()
    {
        var sent = _holderClock.At(_now);
        var yes = new HashSet<string>();
        foreach (var (name, voter) in _voters)
        {
            Send("p", name, () =>
            {
                if (voter.Grant(_now, _lease, sent, _holderClock))
                {
                    Send(name, "p", () => Heard(() =>
                    {
                        yes.Add(name);
                        var before = _holder.Until;
                        _holder = _holder.Granted(_mutation == LeaseMutation.AgentThatAnsweredIsEnough ? [.. _voters.Keys] : yes, _mutation == LeaseMutation.HolderCountsFromTheAnswer ? _holderClock.At(_now) : sent);
                        Granted += _holder.Until > before ? 1 : 0;
                    }));
                }
            });
        }
    }

    private void Heard(Action hear)
    {
        if (!IsFrozen)
        {
            hear();
        }
    }

    // Serves while the lease runs; the fence takes a while. What ends the database of a frozen agent acts at the same moment.
    private void Watch()
    {
        At(_now + 0.02, Watch);
        if (IsFrozen && _mutation == LeaseMutation.NothingEndsTheDatabaseOfAFrozenAgent)
        {
            return;
        }

        if (_holder.Runs(_holderClock.At(_now)))
        {
            (_serves, _endsAt) = (true, double.MaxValue);
        }
        else if (_serves && _endsAt == double.MaxValue)
        {
            _endsAt = _now + (_random.NextDouble() * _term.FenceAllowance.TotalSeconds * 0.95);
        }

        if (IsPromoted && IsWriting)
        {
            Violation ??= $"S1: the old primary writes at {_now:0.00} s after another was promoted";
        }
    }

    private void Raise()
    {
        if (_cuts.Contains("promoterstore"))
        {
            At(_now + 1, Raise);
            return;
        }

        _raised = true;
        Collect([], LeaseExclusion.Of(_stored, ["p"], [], _term.Length));
    }

    private void Collect(HashSet<string> promised, LeaseExclusion exclusion)
    {
        if (exclusion.Missing(promised) == 0 || (_mutation == LeaseMutation.PromoterNeedsNoMajority && promised.Count > 0))
        {
            var until = _promoterClock.At(_now) + exclusion.Wait;
            At(_mutation == LeaseMutation.PromoterDoesNotWait ? _now : _promoterClock.When(until), () => IsPromoted = true);
            return;
        }

        foreach (var (name, voter) in _voters.Where(voter => !promised.Contains(voter.Key)))
        {
            Send("promoter", name, () =>
            {
                if (voter.Promise(_now, 2, out var broken))
                {
                    Violation ??= broken;
                    Send(name, "promoter", () => promised.Add(name));
                }
            });
        }

        At(_now + 0.3, () => Collect(promised, exclusion));
    }

    /// <summary>A monotonic clock that begins anywhere and runs at a rate of its own.</summary>
    private sealed record Clock(double Offset, double Rate)
    {
        public TimeSpan At(double now) => TimeSpan.FromSeconds(Offset + (now * Rate));

        public double When(TimeSpan reading) => (reading.TotalSeconds - Offset) / Rate;
    }

    private sealed class Voter(Clock clock)
    {
        private LeaseGrants _grants = LeaseGrants.None;
        private long _seen = 1;
        private double _holderMayWriteUntil;

        public bool Grant(double now, ClusterLease lease, TimeSpan sent, Clock holder)
        {
            (_grants, var refusal) = _grants.Ask(lease.Holder, lease.Epoch, lease.Length, _seen, clock.At(now));
            if (refusal is null)
            {
                _holderMayWriteUntil = Math.Max(_holderMayWriteUntil, holder.When(lease.Term.HolderUntil(sent)));
            }

            return refusal is null;
        }

        public bool Promise(double now, long epoch, out string? broken)
        {
            broken = null;
            if (_grants.PromiseRefusal(clock.At(now)) is not null)
            {
                return false;
            }

            broken = now < _holderMayWriteUntil ? $"a promise at {now:0.00} s while a lease that was granted runs until {_holderMayWriteUntil:0.00} s" : null;
            _seen = epoch;
            return true;
        }

        public void Restart(double now, bool remembers) =>
            _grants = remembers ? LeaseGrants.Restarted(_grants.Holder, _grants.Epoch, _grants.Length, clock.At(now)) : LeaseGrants.None;
    }
}
