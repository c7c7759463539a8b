using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>
/// Fakes of three database servers and of the control store's record of them. They outlive every silo, obey as real agents do, and note each change of a server: a repetition that
/// finds it made changes nothing.
/// </summary>
internal sealed class FakeDatabases : IClusterRecords
{
    private const long LastRecord = 100;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Server> _servers = [];
    private readonly List<string> _changes = [];
    private ClusterRecord? _record;
    private string _answer = "";

    /// <summary>Every change that was made to a server.</summary>
    public IReadOnlyList<string> Changes
    {
        get
        {
            lock (_lock)
            {
                return [.. _changes];
            }
        }
    }

    /// <summary>Begins anew: eu leads, us and ap follow, and a commit waits for one of them.</summary>
    public void Begin(string primary = "eu", IReadOnlyCollection<string>? silent = null, string? stopped = null)
    {
        lock (_lock)
        {
            _answer = primary;
            _servers.Clear();
            _changes.Clear();
            foreach (var name in RecoveryEstate.Names)
            {
                _servers[name] = new Server
                {
                    IsSilent = silent?.Contains(name) == true,
                    Role = name == primary ? MemberRole.Primary : name == stopped ? MemberRole.Stopped : MemberRole.Standby,
                    IsFenced = name == stopped,
                    Upstream = name == primary || name == stopped ? null : primary,
                    Lsn = new Lsn(name == "ap" ? 900UL : 1000UL),
                };
            }

            _record = ClusterRecord.Found(RecoveryEstate.Cluster, primary, AcknowledgingSet.Of(1, RecoveryEstate.Names.Where(name => name != primary && name != stopped)));
        }
    }

    /// <summary>
    /// A fake of the cluster's keeper: brings back who was left behind. In these tests an agent may die with the coordinating silo and be silent for that moment; the session then leaves
    /// its server to the keeper, and says so.
    /// </summary>
    public void KeepMembers()
    {
        lock (_lock)
        {
            foreach (var (name, server) in _servers.Where(entry => entry.Key != _record!.Primary && entry.Value is { IsSilent: false, Upstream: null }).ToArray())
            {
                _changes.Add($"{(server.Role == MemberRole.Standby ? "repoint" : "rewind")} {name}");
                Follow(name, _record!.Primary);
            }
        }
    }

    /// <summary>What the servers are, and every change that was made to one, in the order of the alphabet.</summary>
    public string Describe()
    {
        lock (_lock)
        {
            return string.Join("; ", _servers.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key} {entry.Value.Role} of {entry.Value.Upstream} timeline {entry.Value.Timeline}{(entry.Value.IsFenced ? " fenced" : "")}"))
                + $"; the record names {_record!.Primary}, {string.Join(" and ", _record.OpenSets)}{(_record.Candidate is null ? "" : ", a candidate")}{(_record.Session is null ? "" : ", a session")}"
                + $"; the name answers {_answer}; changes: {string.Join(", ", _changes.Order())}";
        }
    }

    /// <summary>A server, or the silence of its machine.</summary>
    public MemberStatus Status(string name)
    {
        lock (_lock)
        {
            var server = Reached(name);
            return new MemberStatus
            {
                Role = server.Role,
                Epoch = server.Epoch,
                IsFenced = server.IsFenced,
                Timeline = new TimelineId(server.Timeline),
                Lsn = server.Lsn,
                Upstream = server.Upstream is { } upstream ? $"{upstream}.test:5432" : null,
                SynchronousStandbyNames = server.Set.ToString(),
                Followers = server.Role != MemberRole.Primary ? [] : [.. _servers
                    .Where(other => other.Value.Role == MemberRole.Standby && other.Value.Upstream == name)
                    .Select(other => new FollowerStatus { Name = other.Key, Flushed = other.Value.Lsn, Replayed = other.Value.Lsn, SyncState = "quorum" })],
            };
        }
    }

    /// <summary>Moves the service's name.</summary>
    public void Answer(string region)
    {
        lock (_lock)
        {
            if (_answer != region)
            {
                _answer = region;
                _changes.Add($"answer {region}");
            }
        }
    }

    /// <summary>Whether its process runs.</summary>
    public bool IsRunning(string name)
    {
        lock (_lock)
        {
            return _servers[name].Role != MemberRole.Stopped;
        }
    }

    /// <summary>Obeys, or refuses an epoch that is over.</summary>
    public AgentReply Obey(string name, AgentCommand command, Func<Server, string?> act)
    {
        lock (_lock)
        {
            var server = Reached(name);
            if (command.Epoch < server.Epoch)
            {
                return new AgentReply { Obeyed = false, Epoch = server.Epoch, Reason = $"epoch {command.Epoch} is over" };
            }

            server.Epoch = command.Epoch;
            return act(server) is { } refusal
                ? new AgentReply { Obeyed = false, Epoch = command.Epoch, Reason = $"{name}: {refusal}" }
                : new AgentReply { Obeyed = true, Epoch = command.Epoch, Timeline = new TimelineId(server.Timeline), Lsn = server.Lsn };
        }
    }

    /// <summary>Notes that a server was changed.</summary>
    public void Note(string change) => _changes.Add(change);

    /// <summary>An orderly stop: whoever streams has its last record.</summary>
    public void Shut(string name)
    {
        foreach (var follower in _servers.Values.Where(server => server.Upstream == name))
        {
            follower.Lsn = _servers[name].Lsn + LastRecord;
        }
    }

    /// <summary>Follows another, with all it has.</summary>
    public void Follow(string name, string upstream)
    {
        var server = _servers[name];
        (server.Role, server.IsFenced, server.Upstream) = (MemberRole.Standby, false, upstream);
        (server.Timeline, server.Lsn) = (_servers[upstream].Timeline, _servers[upstream].Lsn);
    }

    /// <inheritdoc/>
    public Task<ClusterRecord?> FindAsync(ClusterId cluster, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_record);
        }
    }

    /// <inheritdoc/>
    public Task<bool> TryStoreAsync(ClusterRecord record, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var isNext = record.Version == _record!.Version + 1;
            _record = isNext ? record : _record;
            return Task.FromResult(isNext);
        }
    }

    private Server Reached(string name) => _servers[name] is { IsSilent: false } server ? server : throw new RegionUnavailable(name);

    private sealed class RegionUnavailable(string region) : Exception($"{region} does not answer");

    /// <summary>One server.</summary>
    internal sealed class Server
    {
        public bool IsSilent { get; init; }

        public MemberRole Role { get; set; }

        public bool IsFenced { get; set; }

        public string? Upstream { get; set; }

        public uint Timeline { get; set; } = 1;

        public Lsn Lsn { get; set; }

        public long Epoch { get; set; } = 1;

        public AcknowledgingSet Set { get; set; } = AcknowledgingSet.Nobody;
    }
}
