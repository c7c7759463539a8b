using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
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
    private readonly SessionId _id;
    private readonly Func<IEnumerable<AcknowledgingSet>, IReadOnlyCollection<string>, bool> _covers;
    private readonly MachineDriver<RecoveryPlan> _driver;
    private readonly List<(StepKey Key, SessionState<RecoveryPlan> State)> _ghosts = [];

    public SimSession(
        Random random, SimCluster cluster, RecoveryKind kind, Func<IEnumerable<AcknowledgingSet>, IReadOnlyCollection<string>, bool>? covers = null, int number = 1)
    {
        _random = random;
        _cluster = cluster;
        _id = new SessionId($"session-{number}");
        _covers = covers ?? ((sets, promised) => PromotionQuorum.Covers(sets, promised));
        var record = cluster.Record;
        var standbys = cluster.Members.Select(member => member.Name).Where(name => name != record.Primary).ToArray();
        _driver = new MachineDriver<RecoveryPlan>(DrSession.Machine, new RecoveryPlan
        {
            Kind = kind,
            Strategy = FailoverStrategy.Automatic,
            Application = "shop",
            From = new RegionId(record.Primary),
            LossLimitBytes = 0,
            Lease = TimeSpan.FromSeconds(3),
            Clusters =
            [
                new ClusterMove
                {
                    Durability = new DurabilityDefinition { Acknowledgements = cluster.Needed },
                    Cluster = new ClusterId(Name), OldPrimary = record.Primary, Standbys = [.. standbys], Promotable = [.. standbys], OpenSets = record.OpenSets,
                },
            ],
        }).Begin();
    }

    public bool HasEnded => State.IsEnded;

    private SimMember Old => _cluster[State.Plan[Name].OldPrimary];

    public SessionState<RecoveryPlan> State => _driver.State;

    /// <summary>Lets so many things happen, then ends.</summary>
    public void Run(int moves)
    {
        for (var move = 0; move < moves && _cluster.Violation is null; move++)
        {
            _cluster.Happen();
            Move();
        }
    }

    /// <summary>One thing happens to the session; one that has ended still has its ghosts.</summary>
    public void Move()
    {
        switch (_random.Next(12))
        {
            case 0 when _ghosts.Count > 0:
                var ghost = _ghosts[_random.Next(_ghosts.Count)];
                _ghosts.Remove(ghost);
                Do(ghost.Key, ghost.State);
                break;
            case 1 when !HasEnded:
                // A runner works on the state it was started with, however late it gets to it.
                _ghosts.AddRange(_driver.Running.Select(run => (run.Key, State)));
                _driver.Running.Clear();
                _driver.Give(new SessionInput.Woken(_driver.Now, "other"));
                break;
            case 2 when _random.Next(10) == 0 && _driver.Machine.AnswerCancel(State).Accepted:
                _driver.Give(new SessionInput.CancelAsked(_driver.Now, "ann", "test"));
                break;
            case < 5 when !HasEnded:
                _driver.Now += TimeSpan.FromSeconds(3);
                _driver.Give(new SessionInput.TimeReached(_driver.Now));
                break;
            default:
                EndOne();
                break;
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
        var old = Old;
        return key.Step.Value switch
        {
            "RaiseEpoch" => RaiseEpoch(),
            "CollectPromises" => CollectPromises(key.Epoch),
            "FenceOldPrimary" => _cluster.Fence(old, key.Epoch) ? StepResult.Done() : StepResult.Failed("not reached"),
            "StopWrites" => Stop(old, key.Epoch),
            "AwaitCaughtUp" => _cluster.Members.Any(member => member != old && member.IsAlive && member.Log.Count >= old.Log.Count && member.LastTimeline == old.LastTimeline) ? StepResult.Done() : StepResult.Failed("behind"),
            "ChooseCandidate" => CandidateChoice.Decide(state, Name, key.Epoch, _covers),
            "PromoteCandidate" => Promote(state, key.Epoch),
            "ApplyDurability" => ApplyDurability(state, key.Epoch),
            "RepointStandbys" => Repoint(Candidate(state), key.Epoch),
            "ProveWrite" => ProveWrite(state, key.Epoch),
            "WatchStability" => Release(),
            "ReturnToOldPrimary" => Return(state, old, key.Epoch),
            _ => StepResult.Done(),
        };
    }

    private StepResult RaiseEpoch()
    {
        var record = _cluster.Record;
        if (!_cluster.StoreIsUp)
        {
            return StepResult.Failed("the control store does not answer");
        }

        if ((record.Session is { } other && other != _id) || (record.Session is null && record.Primary != Old.Name))
        {
            return StepResult.Refused("another session, or another leads by now");
        }

        var raised = record.Raise(_id, null);
        return _cluster.TryStore(raised) ? StepResult.Done(("sets", AcknowledgingSetText.Write(raised.OpenSets))) with { RaisedEpoch = raised.Epoch } : StepResult.Failed("changed");
    }

    private StepResult ApplyDurability(SessionState<RecoveryPlan> state, long epoch)
    {
        var (candidate, set) = (Candidate(state), CandidateSet(state));
        return !_cluster.SetAcknowledging(candidate, epoch, set) ? StepResult.Failed("not set")
            : _cluster.Record.Epoch != epoch || _cluster.Record.Session != _id ? StepResult.Refused("another epoch")
            : _cluster.TryStore(_cluster.Record.Confirm(candidate.Name)) ? StepResult.Done()
            : StepResult.Failed("not stored");
    }

    private StepResult ProveWrite(SessionState<RecoveryPlan> state, long epoch)
    {
        var candidate = Candidate(state);
        if (candidate.Epoch > epoch || !_cluster.SessionReaches(candidate))
        {
            return StepResult.Failed("not reached");
        }

        var isShort = state.Evidence(DrSteps.ChooseCandidate, Name, "short") == "true";
        var acknowledged = _cluster.Write(candidate);
        return isShort ? StepResult.Done()
            : !acknowledged ? StepResult.Failed("not acknowledged")
            : _cluster.Record.Epoch != epoch || _cluster.Record.Session != _id ? StepResult.Refused("another epoch")
            : _cluster.TryStore(_cluster.Record.Close(candidate.Name, CandidateSet(state))) ? StepResult.Done()
            : StepResult.Failed("not stored");
    }

    private StepResult Release() =>
        _cluster.Record.Session != _id || _cluster.TryStore(_cluster.Record.Release()) ? StepResult.Done() : StepResult.Failed("not stored");

    private StepResult CollectPromises(long epoch)
    {
        var promises = _cluster.Members
            .Where(member => _cluster.SessionReaches(member))
            .Select(member => _cluster.Promise(member, epoch))
            .Where(promise => promise is not null && _random.Next(8) > 0)
            .Select(promise => CandidateChoice.ToEvidence(promise!))
            .ToArray();
        return promises.Length == 0 ? StepResult.Failed("nobody promised") : StepResult.Done(promises);
    }

    // The set is open from before the order is given, by compare-and-set under the epoch; the order itself may arrive much later, or never.
    private StepResult Promote(SessionState<RecoveryPlan> state, long epoch)
    {
        var (candidate, set, record) = (Candidate(state), CandidateSet(state), _cluster.Record);
        if (record.Epoch != epoch || record.Session != _id)
        {
            return StepResult.Refused("a higher epoch");
        }

        if ((!record.OpenSets.Contains(set) || (record.Candidate != candidate.Name && record.Primary != candidate.Name)) && !_cluster.TryStore(record.Promote(candidate.Name, set)))
        {
            return StepResult.Failed("not stored");
        }

        if (_random.Next(5) == 0)
        {
            _cluster.Late.Add(() => _ = _cluster.SessionReaches(candidate) && _cluster.Promote(candidate, epoch, set));
            return StepResult.Unknown("no answer");
        }

        return !_cluster.SessionReaches(candidate) ? StepResult.Unknown("no answer")
            : _cluster.Promote(candidate, epoch, set) ? StepResult.Done()
            : StepResult.Refused("a higher epoch");
    }

    private StepResult Stop(SimMember old, long epoch) =>
        _cluster.Fence(old, epoch) && old.Log.Count > 0 ? StepResult.Done(("lsn", new Lsn((ulong)old.Log.Count - 1).ToString()), ("timeline", $"{old.LastTimeline}")) : StepResult.Failed("not reached");

    private StepResult Repoint(SimMember candidate, long epoch)
    {
        foreach (var member in _cluster.Members.Where(member => member != candidate && _cluster.SessionReaches(member)))
        {
            _cluster.Repoint(member, candidate, epoch);
        }

        return StepResult.Done();
    }

    private StepResult Return(SessionState<RecoveryPlan> state, SimMember old, long epoch)
    {
        if (state.Epochs.GetValueOrDefault(Name) == 0)
        {
            return StepResult.Done();
        }

        if (!_cluster.StoreIsUp)
        {
            return StepResult.Failed("the control store does not answer");
        }

        if (_cluster.Record.Candidate is not null)
        {
            return StepResult.Refused("a promotion was ordered earlier");
        }

        if (!_cluster.SessionReaches(old) || old.Epoch > epoch)
        {
            return StepResult.Failed("not reached");
        }

        (old.Epoch, old.IsFenced) = (epoch, false);
        Repoint(old, epoch);
        return Release();
    }

    private SimMember Candidate(SessionState<RecoveryPlan> state) => _cluster[state.Evidence(DrSteps.ChooseCandidate, Name, "candidate")!];

    private AcknowledgingSet CandidateSet(SessionState<RecoveryPlan> state) => AcknowledgingSetText.Read(state.Evidence(DrSteps.ChooseCandidate, Name, "acknowledging")!)[0];
}
