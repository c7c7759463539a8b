using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Core.Tests.Sessions;

namespace DrMesh.Core.Tests.Recovery.Simulation;

/// <summary>The real DR machine over a simulated cluster. Steps end late, twice, or without an answer; the silo dies and what it had started still takes effect later.</summary>
internal sealed class SimSession
{
    private const string Name = "orders";
    private readonly Random _random;
    private readonly SimCluster _cluster;
    private readonly Func<IReadOnlyCollection<AcknowledgingSet>, IReadOnlyCollection<string>, bool> _covers;
    private readonly MachineDriver<RecoveryPlan> _driver;
    private readonly List<(StepKey Key, SessionState<RecoveryPlan> State)> _ghosts = [];
    private readonly List<SimMember> _promoted = [];
    private long _epoch;

    public SimSession(
        Random random, SimCluster cluster, RecoveryKind kind, Func<IReadOnlyCollection<AcknowledgingSet>, IReadOnlyCollection<string>, bool>? covers = null)
    {
        _random = random;
        _cluster = cluster;
        _covers = covers ?? ((sets, promised) => PromotionQuorum.Covers(sets, promised));
        var primary = cluster.Members[0];
        var standbys = cluster.Members[1..].Select(member => member.Name).ToArray();
        _driver = new MachineDriver<RecoveryPlan>(DrSession.Machine, new RecoveryPlan
        {
            Kind = kind,
            Strategy = FailoverStrategy.Automatic,
            Application = "shop",
            From = new RegionId("a"),
            LossLimitBytes = 0,
            Lease = TimeSpan.FromSeconds(3),
            Clusters =
            [
                new ClusterMove
                {
                    Cluster = new ClusterId(Name), OldPrimary = primary.Name, Standbys = [.. standbys], Promotable = [.. standbys], OpenSets = [primary.Set],
                },
            ],
        }).Begin();
    }

    public SessionState<RecoveryPlan> State => _driver.State;

    /// <summary>Lets so many things happen, then ends.</summary>
    public void Run(int moves)
    {
        for (var move = 0; move < moves && _cluster.Violation is null; move++)
        {
            _cluster.Happen();
            switch (_random.Next(12))
            {
                case 0 when _ghosts.Count > 0:
                    var ghost = _ghosts[_random.Next(_ghosts.Count)];
                    _ghosts.Remove(ghost);
                    Do(ghost.Key, ghost.State);
                    break;
                case 1:
                    // A runner works on the state it was started with, however late it gets to it.
                    _ghosts.AddRange(_driver.Running.Select(run => (run.Key, State)));
                    _driver.Running.Clear();
                    _driver.Give(new SessionInput.Woken(_driver.Now, "other"));
                    break;
                case 2 when _random.Next(10) == 0 && _driver.Machine.AnswerCancel(State).Accepted:
                    _driver.Give(new SessionInput.CancelAsked(_driver.Now, "ann", "test"));
                    break;
                case < 5:
                    _driver.Now += TimeSpan.FromSeconds(3);
                    _driver.Give(new SessionInput.TimeReached(_driver.Now));
                    break;
                default:
                    EndOne();
                    break;
            }
        }
    }

    private void EndOne()
    {
        if (_driver.Running.Count == 0)
        {
            return;
        }

        var run = _driver.Running[_random.Next(_driver.Running.Count)];
        _driver.Running.Remove(run);
        var result = Do(run.Key, State);
        _driver.Give(new SessionInput.StepEnded(_driver.Now, run.Key, _random.Next(10) == 0 ? StepResult.Unknown("the answer was lost") : result));
    }

    private StepResult Do(StepKey key, SessionState<RecoveryPlan> state)
    {
        var old = _cluster.Members[0];
        return key.Step.Value switch
        {
            "RaiseEpoch" => StepResult.Done() with { RaisedEpoch = ++_epoch },
            "CollectPromises" => CollectPromises(key.Epoch),
            "FenceOldPrimary" or "StopWrites" => Fence(old, key.Epoch),
            "AwaitCaughtUp" => _cluster.Members[1..].Any(member => member.IsAlive && member.Log.Count >= old.Log.Count) ? StepResult.Done() : StepResult.Failed("behind"),
            "ChooseCandidate" => Choose(state, key.Epoch),
            "PromoteCandidate" => Promote(Candidate(state), key.Epoch),
            "RepointStandbys" => Repoint(Candidate(state), key.Epoch),
            "ProveWrite" => _cluster.SessionReaches(Candidate(state)) && _cluster.Write(Candidate(state)) ? StepResult.Done() : StepResult.Failed("not acknowledged"),
            "ReturnToOldPrimary" => Return(old, key.Epoch),
            _ => StepResult.Done(),
        };
    }

    private StepResult CollectPromises(long epoch)
    {
        var promises = _cluster.Members
            .Where(member => _cluster.SessionReaches(member))
            .Select(member => _cluster.Promise(member, epoch))
            .Where(promise => promise is not null && _random.Next(8) > 0)
            .Select(promise => ($"promise.{promise!.Member}", $"{promise.Timeline}:{promise.Received.Value}"))
            .ToArray();
        return promises.Length == 0 ? StepResult.Failed("nobody promised") : StepResult.Done(promises);
    }

    private StepResult Choose(SessionState<RecoveryPlan> state, long epoch)
    {
        var promises = state.Find(DrSteps.CollectPromises, Name)!.Evidence
            .Where(fact => fact.Key.StartsWith("promise.", StringComparison.Ordinal))
            .Select(fact => (Member: fact.Key["promise.".Length..], Parts: fact.Value.Split(':')))
            .Select(entry => new Promise(entry.Member, epoch, new(uint.Parse(entry.Parts[0], CultureInfo.InvariantCulture)), new(ulong.Parse(entry.Parts[1], CultureInfo.InvariantCulture))))
            .ToArray();
        if (Core.Recovery.Candidate.Choose(promises, epoch, State.Plan[Name].Promotable) is not { } candidate)
        {
            return StepResult.Failed("nobody can be promoted");
        }

        // Who was promoted before may have acknowledged with its own followers: those sets count as well.
        AcknowledgingSet[] sets = [.. State.Plan[Name].OpenSets, .. _promoted.Select(member => member.Set)];
        var acceptable = _covers(sets, [.. promises.Select(promise => promise.Member)]) && candidate.BytesAhead == 0;
        return StepResult.Done(("candidate", candidate.Member), ("acceptable", acceptable ? "true" : "false"), ("loss", "unknown"));
    }

    private StepResult Promote(SimMember candidate, long epoch)
    {
        if (!_cluster.SessionReaches(candidate))
        {
            return StepResult.Unknown("no answer");
        }

        if (!_promoted.Contains(candidate))
        {
            _promoted.Add(candidate);
        }

        return _cluster.Promote(candidate, epoch) ? StepResult.Done() : StepResult.Refused("a higher epoch");
    }

    private StepResult Fence(SimMember old, long epoch)
    {
        if (!_cluster.SessionReaches(old) || old.Epoch > epoch)
        {
            return StepResult.Failed("not reached");
        }

        old.Epoch = epoch;
        old.IsFenced = true;
        return StepResult.Done();
    }

    private StepResult Repoint(SimMember candidate, long epoch)
    {
        foreach (var member in _cluster.Members.Where(member => member != candidate && _cluster.SessionReaches(member)))
        {
            _cluster.Repoint(member, candidate, epoch);
        }

        return StepResult.Done();
    }

    private StepResult Return(SimMember old, long epoch)
    {
        if (!_cluster.SessionReaches(old) || old.Epoch > epoch)
        {
            return StepResult.Failed("not reached");
        }

        (old.Epoch, old.IsFenced) = (epoch, false);
        return Repoint(old, epoch);
    }

    private SimMember Candidate(SessionState<RecoveryPlan> state) => _cluster[state.Evidence(DrSteps.ChooseCandidate, Name, "candidate")!];
}
