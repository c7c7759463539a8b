using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
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
    private readonly Func<IEnumerable<AcknowledgingSet>, IReadOnlyCollection<string>, bool> _covers;
    private readonly MachineDriver<RecoveryPlan> _driver;
    private readonly List<(StepKey Key, SessionState<RecoveryPlan> State)> _ghosts = [];
    private readonly List<Action> _late = [];
    private readonly List<AcknowledgingSet> _openSets = [];
    private long _epoch;

    public SimSession(
        Random random, SimCluster cluster, RecoveryKind kind, Func<IEnumerable<AcknowledgingSet>, IReadOnlyCollection<string>, bool>? covers = null)
    {
        _random = random;
        _cluster = cluster;
        _covers = covers ?? ((sets, promised) => PromotionQuorum.Covers(sets, promised));
        var primary = cluster.Members[0];
        _openSets.Add(primary.Set);
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
                    Durability = new DurabilityDefinition { Acknowledgements = cluster.Needed },
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
                case 6 when _late.Count > 0:
                    var order = _late[_random.Next(_late.Count)];
                    _late.Remove(order);
                    order();
                    break;
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
            "RaiseEpoch" => StepResult.Done(("sets", AcknowledgingSetText.Write(_openSets))) with { RaisedEpoch = ++_epoch },
            "CollectPromises" => CollectPromises(key.Epoch),
            "FenceOldPrimary" => Fence(old, key.Epoch),
            "StopWrites" => Stop(old, key.Epoch),
            "AwaitCaughtUp" => _cluster.Members[1..].Any(member => member.IsAlive && member.Log.Count >= old.Log.Count) ? StepResult.Done() : StepResult.Failed("behind"),
            "ChooseCandidate" => CandidateChoice.Decide(state, Name, key.Epoch, _covers),
            "PromoteCandidate" => Promote(state, key.Epoch),
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
            .Select(promise => CandidateChoice.ToEvidence(promise!))
            .ToArray();
        return promises.Length == 0 ? StepResult.Failed("nobody promised") : StepResult.Done(promises);
    }

    // The set is open from before the order is given, by compare-and-set under the epoch; the order itself may arrive much later, or never.
    private StepResult Promote(SessionState<RecoveryPlan> state, long epoch)
    {
        var candidate = Candidate(state);
        if (epoch != _epoch)
        {
            return StepResult.Refused("a higher epoch");
        }

        var set = AcknowledgingSetText.Read(state.Evidence(DrSteps.ChooseCandidate, Name, "acknowledging")!)[0];
        if (!_openSets.Contains(set))
        {
            _openSets.Add(set);
        }

        if (_random.Next(5) == 0)
        {
            _late.Add(() => _ = _cluster.SessionReaches(candidate) && _cluster.Promote(candidate, epoch, set));
            return StepResult.Unknown("no answer");
        }

        return !_cluster.SessionReaches(candidate) ? StepResult.Unknown("no answer")
            : _cluster.Promote(candidate, epoch, set) ? StepResult.Done()
            : StepResult.Refused("a higher epoch");
    }

    private StepResult Stop(SimMember old, long epoch) =>
        Fence(old, epoch) is { Outcome: StepOutcome.Done } && old.Log.Count > 0 ? StepResult.Done(("lsn", new Lsn((ulong)old.Log.Count - 1).ToString())) : StepResult.Failed("not reached");

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
