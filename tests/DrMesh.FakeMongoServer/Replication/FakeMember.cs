using System.Net;
using System.Net.Sockets;
using DrMesh.FakeMongoServer.Commands;
using DrMesh.FakeMongoServer.Storage;
using DrMesh.FakeMongoServer.Wire;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Replication;

/// <summary>One member of a fake replica set: its oplog, the data that comes of it, its clients. All but the clients is guarded by the set's lock.</summary>
public sealed class FakeMember : IDisposable
{
    private readonly List<BsonDocument> _log = [];
    private CancellationTokenSource _stop = new();
    private TcpListener? _listener;
    private int _committed;

    internal FakeMember(FakeReplicaSet set, int id, int port)
    {
        Set = set;
        Id = id;
        Port = port;
        Priority = 1;
        Votes = 1;
    }

    /// <summary>The member's number in the set's configuration.</summary>
    public int Id { get; }

    /// <summary>The loopback port it listens on.</summary>
    public int Port { get; }

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Host => $"127.0.0.1:{Port}";

    /// <summary>What it is now, as it sees itself.</summary>
    public MemberRole Role { get; internal set; } = MemberRole.Secondary;

    /// <summary>How gladly it becomes primary; 0 is never.</summary>
    public double Priority { get; set; }

    /// <summary>0 or 1.</summary>
    public int Votes { get; set; }

    /// <summary>Hidden from clients.</summary>
    public bool IsHidden { get; set; }

    /// <summary>Seconds it stays behind on purpose, as configured; replication is not delayed by it, use <see cref="IsReplicationPaused"/>.</summary>
    public int DelaySeconds { get; set; }

    /// <summary>It copies nothing from the primary meanwhile.</summary>
    public bool IsReplicationPaused { get; internal set; }

    /// <summary>It and the other members cannot reach each other; clients reach it.</summary>
    public bool IsIsolated { get; internal set; }

    /// <summary>How often it rolled back.</summary>
    public int Rollbacks { get; private set; }

    /// <summary>How many answers it gave to readers of its oplog, those that held nothing new among them.</summary>
    public int OplogAnswers { get; internal set; }

    /// <summary>The last operation it gave to a reader of its oplog.</summary>
    public FakeOpTime OplogGiven { get; internal set; } = FakeOpTime.None;

    /// <summary>The last operation it applied.</summary>
    public FakeOpTime LastApplied => _log.Count > 0 ? FakeOpTime.Of(_log[^1]) : FakeOpTime.None;

    /// <summary>The last operation it knows a majority has.</summary>
    public FakeOpTime CommitPoint => _committed > 0 ? FakeOpTime.Of(_log[_committed - 1]) : FakeOpTime.None;

    /// <summary>Operations in its oplog still, oldest first.</summary>
    public IReadOnlyList<BsonDocument> Oplog => Set.Locked(() => _log.Skip(OplogStart).ToList());

    internal FakeReplicaSet Set { get; }

    /// <summary>The term it was elected in last; an isolated primary goes on writing in it.</summary>
    internal long Term { get; set; }

    internal List<BsonDocument> Log => _log;

    /// <summary>Statements of retryable writes in the log: session, number, statement.</summary>
    internal HashSet<(BsonValue Session, long Number, int Statement)> Executed { get; } = [];

    /// <summary>Where the capped oplog begins in the log since the set's start.</summary>
    internal int OplogStart { get; set; }

    internal int CommittedCount => _committed;

    internal DataState Applied { get; private set; } = new();

    internal DataState Committed { get; private set; } = new();

    internal Dictionary<long, FakeCursor> Cursors { get; } = [];

    internal Dictionary<BsonValue, FakeTransaction> Transactions { get; } = [];

    internal bool IsUp => Role is MemberRole.Primary or MemberRole.Secondary;

    internal bool IsReachable => IsUp && !IsIsolated;

    /// <inheritdoc/>
    public void Dispose()
    {
        StopListening();
        _listener?.Dispose();
        _stop.Dispose();
    }

    internal void Listen()
    {
        _stop = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _ = AcceptAsync(_listener, _stop.Token);
    }

    internal void StopListening()
    {
        _stop.Cancel();
        _listener?.Stop();
        Cursors.Clear();
        Transactions.Clear();
    }

    /// <summary>Closes the clients' connections; new ones are accepted.</summary>
    internal void DropClients()
    {
        StopListening();
        Listen();
    }

    /// <summary>Appends one operation and applies it.</summary>
    internal void Append(BsonDocument entry)
    {
        _log.Add(entry);
        NoteExecuted(entry);
        Applied.Apply(entry);
        if (_log.Count - OplogStart > Set.OplogLimit)
        {
            OplogStart = _log.Count - Set.OplogLimit;
        }
    }

    internal void AdvanceCommitPoint(FakeOpTime point)
    {
        while (_committed < _log.Count && FakeOpTime.Of(_log[_committed]) <= point)
        {
            Committed.Apply(_log[_committed++]);
        }
    }

    /// <summary>Throws away what the sync source does not have and goes back to the common point.</summary>
    internal void RollBackTo(int count)
    {
        Rollbacks++;
        _log.RemoveRange(count, _log.Count - count);
        Applied = StateAt(count);
        Executed.Clear();
        _log.ForEach(NoteExecuted);
        if (_committed > count)
        {
            throw new InvalidOperationException("the fake would roll back a majority-committed operation");
        }

        DropClients();
    }

    /// <summary>The data as it was after so many operations.</summary>
    internal DataState StateAt(int count)
    {
        var state = new DataState();
        foreach (var entry in _log.Take(count))
        {
            state.Apply(entry);
        }

        return state;
    }

    private void NoteExecuted(BsonDocument entry)
    {
        if (entry.TryGetValue("stmtId", out var statement))
        {
            Executed.Add((entry["lsid"], entry["txnNumber"].ToInt64(), statement.ToInt32()));
        }
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(cancellationToken);
                _ = new ClientConnection(this, client).ServeAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The member was stopped.
        }
    }
}
