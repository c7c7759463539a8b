using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Replication;

/// <summary>
/// A fake of a MongoDB replica set, for tests on machines that can have no MongoDB: speaks the wire protocol on loopback ports, keeps everything in memory. What it does and
/// does not do is in README.md beside it. One lock serialises all commands, so that a test's outcome does not depend on luck.
/// </summary>
public sealed class FakeReplicaSet : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<FakeMember> _members = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BsonTimestamp _lastTimestamp = new(0, 0);

    private FakeReplicaSet(string name, TimeProvider time)
    {
        Name = name;
        Time = time;
    }

    /// <summary>The set's name.</summary>
    public string Name { get; }

    /// <summary>The members, down ones too.</summary>
    public IReadOnlyList<FakeMember> Members => _members;

    /// <summary>Connects to the set with discovery.</summary>
    public string ConnectionString =>
        $"mongodb://{string.Join(',', _members.Select(member => member.Host))}/?replicaSet={Name}&heartbeatFrequencyMS=500&serverSelectionTimeoutMS=10000";

    /// <summary>How many operations an oplog keeps.</summary>
    public int OplogLimit { get; set; } = int.MaxValue;

    /// <summary>How many operations of a transaction fit into one oplog entry; a larger transaction is a chain of entries. (A server counts bytes: 16 MiB.)</summary>
    public int TransactionOperationsPerEntry { get; set; } = int.MaxValue;

    /// <summary>Whether members elect as soon as they see no primary; otherwise only <see cref="Elect"/> does.</summary>
    public bool AutomaticElections { get; set; } = true;

    /// <summary>The reachable primary of the highest term, or null.</summary>
    public FakeMember? Primary => Locked(FindPrimary);

    internal TimeProvider Time { get; }

    internal long Term { get; private set; }

    /// <summary>Completes at the next change of anything.</summary>
    internal Task Changed => _changed.Task;

    /// <summary>Starts a set and elects its first member.</summary>
    public static FakeReplicaSet Start(int members = 3, string name = "rs0", TimeProvider? time = null)
    {
        var set = new FakeReplicaSet(name, time ?? TimeProvider.System);
        for (var i = 0; i < members; i++)
        {
            set._members.Add(new FakeMember(set, i, FreePort()));
        }

        var config = new FakeConfig(1, 1, [.. set._members.Select(member => new FakeSeat(member))]);
        set._members.ForEach(member => member.Config = config);
        set._members.ForEach(member => member.Listen());
        set.Elect();
        return set;
    }

    /// <summary>Ends a member at once, as a kill would; what it applied is on its disk.</summary>
    public void Kill(FakeMember member) => Change(() =>
    {
        member.Role = MemberRole.Down;
        member.StopListening();
        ElectIfAllowed();
    });

    /// <summary>Starts a killed member; what the primary does not have it rolls back. One whose majority-committed operations the primary does not have ends itself.</summary>
    public void Restart(FakeMember member) => Change(() =>
    {
        member.Role = MemberRole.Secondary;
        member.Listen();
        ElectIfAllowed();
    });

    /// <summary>Starts a killed member whose data was removed: it is in no configuration, and copies everything once it is.</summary>
    public void RestartWiped(FakeMember member)
    {
        Locked(member.Wipe);
        Restart(member);
    }

    /// <summary>Cuts a member off from the others. A primary goes on taking writes that no majority will have until it is healed.</summary>
    public void Isolate(FakeMember member) => Change(() =>
    {
        member.IsIsolated = true;
        ElectIfAllowed();
    });

    /// <summary>Joins an isolated member again: an old primary steps down and rolls back.</summary>
    public void Heal(FakeMember member) => Change(() =>
    {
        member.IsIsolated = false;
        ElectIfAllowed();
    });

    /// <summary>Stops or continues a secondary's copying.</summary>
    public void PauseReplication(FakeMember member, bool paused) => Change(() => member.IsReplicationPaused = paused);

    /// <summary>Holds an election among the reachable members. Returns the primary, or null when no majority is reachable.</summary>
    public FakeMember? Elect(FakeMember? except = null) => Change(() => HoldElection(except));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Locked(() => _members.ForEach(member => member.Dispose()));
        return ValueTask.CompletedTask;
    }

    internal T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return action();
        }
    }

    internal void Locked(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }

    /// <summary>Stamps an operation and appends it to a primary's oplog.</summary>
    internal void Append(FakeMember primary, BsonDocument operation)
    {
        primary.Append(Stamp(primary.Term, operation));
        Settle();
    }

    /// <summary>The next timestamp; wall time never goes backwards here.</summary>
    internal BsonTimestamp NextTimestamp()
    {
        var seconds = (int)Time.GetUtcNow().ToUnixTimeSeconds();
        _lastTimestamp = seconds > _lastTimestamp.Timestamp ? new BsonTimestamp(seconds, 1) : new BsonTimestamp(_lastTimestamp.Timestamp, _lastTimestamp.Increment + 1);
        return _lastTimestamp;
    }

    internal FakeMember? HoldElection(FakeMember? except) => HoldElection([.. _members.Where(member => member.IsReachable)], except);

    /// <summary>Gives a member a new configuration; heartbeats carry it on to whom it reaches.</summary>
    internal void Reconfigure(FakeMember member, FakeConfig config)
    {
        member.Config = config;
        ElectIfAllowed();
    }

    internal void ElectIfAllowed()
    {
        Heartbeats.Exchange(_members);
        foreach (var side in Sides())
        {
            var primary = PrimaryOf(side);
            if (primary is not null && side.Count(member => primary.Config.Voters.Contains(member)) < primary.Config.Majority && !primary.IsIsolated)
            {
                // A server notices within its election time-out. One that is cut off is left as it is, for tests of what it does until then.
                primary.Role = MemberRole.Secondary;
                primary.DropClients();
                primary = null;
            }

            if (AutomaticElections && primary is null)
            {
                HoldElection(side, null);
            }
        }

        Settle();
    }

    /// <summary>Lets secondaries copy, moves the commit point, wakes who waits.</summary>
    internal void Settle()
    {
        foreach (var side in Sides())
        {
            Replication.Replicate(side, PrimaryOf(side));
        }

        Notify();
    }

    internal FakeMember? FindPrimary() => PrimaryOf(_members.Where(member => member.IsReachable));

    /// <summary>The primary a member is in touch with.</summary>
    internal FakeMember? FindPrimary(FakeMember member) => PrimaryOf(_members.Where(other => other.IsUp && member.Reaches(other)));

    private static FakeMember? PrimaryOf(IEnumerable<FakeMember> side) => side.Where(member => member.Role == MemberRole.Primary).MaxBy(member => member.Term);

    // Those that reach each other, and each that is cut off by itself.
    private List<List<FakeMember>> Sides() =>
        [[.. _members.Where(member => member.IsReachable)], .. _members.Where(member => member is { IsUp: true, IsIsolated: true }).Select(member => new List<FakeMember> { member })];

    private FakeMember? HoldElection(List<FakeMember> side, FakeMember? except)
    {
        // A voter refuses a candidate that is behind it, or whose configuration is older than its own; a majority of all voters of the candidate's has to agree.
        var winner = side
            .Where(candidate => candidate.Priority > 0 && candidate != except
                && candidate.Config.Voters.Count(voter => side.Contains(voter) && candidate.LastApplied >= voter.LastApplied && !voter.Config.IsNewerThan(candidate.Config)) >= candidate.Config.Majority)
            .OrderByDescending(candidate => candidate.Priority).ThenByDescending(candidate => candidate.LastApplied).ThenBy(candidate => candidate.Id)
            .FirstOrDefault();
        if (winner is null)
        {
            return null;
        }

        foreach (var member in side)
        {
            member.Role = MemberRole.Secondary;
            member.Transactions.Clear();
        }

        Term++;
        winner.Term = Term;
        winner.Role = MemberRole.Primary;
        winner.IsReplicationPaused = false;
        Append(winner, new BsonDocument { { "op", "n" }, { "ns", "" }, { "o", new BsonDocument("msg", "new primary") } });
        return winner;
    }

    private BsonDocument Stamp(long term, BsonDocument operation) => new BsonDocument
    {
        { "ts", NextTimestamp() }, { "t", term }, { "v", 2L }, { "wall", new BsonDateTime(Time.GetUtcNow().UtcDateTime) },
    }.AddRange(operation);

    private void Change(Action action) => Change<object?>(() =>
    {
        action();
        return null;
    });

    private T Change<T>(Func<T> action) => Locked(() =>
    {
        var result = action();
        Settle();
        return result;
    });

    private void Notify()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    // Below the range from which the system gives ports to outgoing connections: else one of them takes it before the member listens, or while it is down.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(30_000, 32_700);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another one.
            }
        }
    }
}
