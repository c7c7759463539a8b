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

    internal int ConfigVersion { get; private set; } = 1;

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

    /// <summary>Starts a killed member; what the primary does not have it rolls back.</summary>
    public void Restart(FakeMember member) => Change(() =>
    {
        member.Role = MemberRole.Secondary;
        member.Listen();
        ElectIfAllowed();
    });

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

    internal FakeMember? HoldElection(FakeMember? except)
    {
        var voters = _members.Where(member => member.IsReachable && member.Votes > 0).ToList();
        if (voters.Count <= _members.Count(member => member.Votes > 0 && member.Role != MemberRole.Removed) / 2)
        {
            foreach (var member in _members.Where(member => member.IsReachable))
            {
                member.Role = MemberRole.Secondary;
            }

            return null;
        }

        // A voter refuses a candidate that is behind it; a majority of all voters has to agree.
        var majority = (_members.Count(member => member.Votes > 0 && member.Role != MemberRole.Removed) / 2) + 1;
        var winner = voters
            .Where(candidate => candidate.Priority > 0 && candidate != except
                && voters.Count(voter => candidate.LastApplied >= voter.LastApplied) >= majority)
            .OrderByDescending(candidate => candidate.Priority).ThenByDescending(candidate => candidate.LastApplied).ThenBy(candidate => candidate.Id)
            .FirstOrDefault();
        if (winner is null)
        {
            return null;
        }

        foreach (var member in _members.Where(member => member.IsReachable))
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

    /// <summary>Takes a new configuration; members it does not name are removed.</summary>
    internal void Reconfigure(BsonDocument config)
    {
        ConfigVersion = Math.Max(ConfigVersion + 1, config["version"].ToInt32());
        foreach (var member in _members.Where(member => member.IsReachable))
        {
            var row = config["members"].AsBsonArray.Select(row => row.AsBsonDocument).FirstOrDefault(row => row["host"].AsString == member.Host);
            if (row is not null)
            {
                member.Priority = row.GetValue("priority", 1).ToDouble();
                member.Votes = row.GetValue("votes", 1).ToInt32();
                member.IsHidden = row.GetValue("hidden", false).ToBoolean();
            }
        }

        foreach (var member in _members.Where(member => config["members"].AsBsonArray.All(row => row["host"].AsString != member.Host)))
        {
            if (member.Role != MemberRole.Down)
            {
                member.StopListening();
            }

            member.Role = MemberRole.Removed;
        }

        ElectIfAllowed();
        Notify();
    }

    internal void ElectIfAllowed()
    {
        if (AutomaticElections && FindPrimary() is null)
        {
            HoldElection(null);
        }

        Settle();
    }

    /// <summary>Lets secondaries copy, moves the commit point, wakes who waits.</summary>
    internal void Settle()
    {
        Replication.Replicate(this, FindPrimary());
        Notify();
    }

    internal FakeMember? FindPrimary() =>
        _members.Where(member => member.IsReachable && member.Role == MemberRole.Primary).MaxBy(member => member.Term);

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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
