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
    }

    /// <summary>The member's number in the set's configuration.</summary>
    public int Id { get; }

    /// <summary>The loopback port it listens on.</summary>
    public int Port { get; }

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Host => $"127.0.0.1:{Port}";

    /// <summary>What it is now, as it sees itself.</summary>
    public MemberRole Role { get; internal set; } = MemberRole.Secondary;

    /// <summary>How gladly it becomes primary, by its own configuration; 0 is never, or that it is in none.</summary>
    public double Priority
    {
        get => Seat?.Priority ?? 0;
        set => Seat!.Priority = value;
    }

    /// <summary>0 or 1, by its own configuration.</summary>
    public int Votes
    {
        get => Seat?.Votes ?? 0;
        set => Seat!.Votes = value;
    }

    /// <summary>Hidden from clients.</summary>
    public bool IsHidden
    {
        get => Seat?.IsHidden ?? false;
        set => Seat!.IsHidden = value;
    }

    /// <summary>Seconds it stays behind on purpose, as configured; replication is not delayed by it, use <see cref="IsReplicationPaused"/>.</summary>
    public int DelaySeconds
    {
        get => Seat?.DelaySeconds ?? 0;
        set => Seat!.DelaySeconds = value;
    }

    /// <summary>The version of the configuration it has.</summary>
    public int ConfigVersion => Config.Version;

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

    /// <summary>The configuration it has.</summary>
    internal FakeConfig Config { get; set; } = null!;

    private FakeSeat? Seat => Config.SeatOf(this);

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

    /// <summary>Whether it and another can talk.</summary>
    internal bool Reaches(FakeMember other) => this == other || (Role != MemberRole.Down && other.Role != MemberRole.Down && !IsIsolated && !other.IsIsolated);

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

    /// <summary>Throws away everything, as a person does whose member cannot roll back.</summary>
    internal void Wipe()
    {
        _log.Clear();
        _committed = 0;
        OplogStart = 0;
        Executed.Clear();
        Config = new FakeConfig(0, 0, []);
        Applied = new DataState();
        Committed = new DataState();
    }

    /// <summary>Throws away what the sync source does not have and goes back to the common point. False: a majority had some of it, and a server ends itself then (UnrecoverableRollbackError).</summary>
    internal bool TryRollBackTo(int count)
    {
        if (_committed > count)
        {
            Role = MemberRole.Down;
            StopListening();
            return false;
        }

        Rollbacks++;
        _log.RemoveRange(count, _log.Count - count);
        Applied = StateAt(count);
        Executed.Clear();
        _log.ForEach(NoteExecuted);
        DropClients();
        return true;
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
