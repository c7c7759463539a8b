using System.Globalization;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;
using DrMesh.Core.Recovery;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.Engines.PostgreSql.Rewind;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>The agent beside one PostgreSQL server: what each order means for it. How an order is taken is <see cref="OrderDesk"/>'s.</summary>
public sealed class PostgresNodeAgent : INodeAgent, IDisposable
{
    private readonly NodeAgentOptions _options;
    private readonly IDatabaseHost _host;
    private readonly TimeProvider _time;
    private readonly AgentMemoryFile _memory;
    private readonly AgentLease _lease;
    private readonly ServerLapse _lapse;
    private readonly ReplicationServer _server;
    private readonly ServerDirectory _directory;
    private readonly FormerPrimary _former;
    private readonly ArchiveStandby _site;
    private readonly OrderDesk _orders;

    /// <summary>Creates the agent; it touches nothing until it is asked.</summary>
    public PostgresNodeAgent(NodeAgentOptions options, IDatabaseHost host, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _host = host;
        _time = time;
        _memory = new AgentMemoryFile(options.Instance.DataDirectory);
        _lease = new AgentLease(options.Instance.DataDirectory, time);
        _server = new ReplicationServer(options.ConnectionString);
        _directory = new ServerDirectory(options);
        _lapse = new ServerLapse(options.Instance, host, _directory, _lease);
        _former = new FormerPrimary(options, _directory);
        _site = new ArchiveStandby(options, host, _server, time);
        _orders = new OrderDesk(options, host, _memory, _lease, StatusAsync, time);
    }

    /// <inheritdoc/>
    public bool IsProcessRunning => _host.IsRunning;

    /// <inheritdoc/>
    public bool MayWrite => _host.IsRunning && !ServerDirectory.IsMadeStandby(_options.Instance);

    /// <inheritdoc/>
    public bool HasLapsed => _lease.HasLapsed;

    private bool IsKeptDown => _memory.Read().IsFenced || _lease.HasLapsed;

    /// <inheritdoc/>
    public async Task<MemberStatus> StatusAsync(CancellationToken cancellationToken) => await ReadStatusAsync(cancellationToken) with { HostProblem = _host.ObjectionLately() };

    /// <inheritdoc/>
    public Task<AgentReply> FenceAsync(AgentCommand command, CancellationToken cancellationToken) => _orders.ObeyAsync(command, fenced: true, async () =>
    {
        // Whoever starts it by hand from here on gets a standby that follows nobody.
        await _directory.MakeStandbyAsync(cancellationToken);
        await _host.StopAsync(ShutdownMode.Immediate, cancellationToken);
        await _host.RefuseWhatItMayUndoAsync(true, cancellationToken, "it is stopped, and may not stay so: ");
        return "stopped";
    }, cancellationToken, minds: false);

    /// <inheritdoc/>
    public Task<AgentReply> UnfenceAsync(AgentCommand command, CancellationToken cancellationToken) => _orders.ObeyAsync(command, fenced: false, async () =>
    {
        if (!_host.IsRunning)
        {
            _directory.MakePrimary();
            await _host.StartAsync(cancellationToken);
        }

        return "serves";
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<AgentReply> PromiseAsync(AgentCommand command, CancellationToken cancellationToken) => _orders.ObeyAsync(command, fenced: null, async () =>
    {
        if (!await _server.IsInRecoveryAsync(cancellationToken))
        {
            throw new OrderRefusedException("it is a primary");
        }

        if (!_host.KeepsRecoverySettings && await _server.FollowsWithoutAutoConfAsync(_time, cancellationToken))
        {
            throw new OrderRefusedException("a configuration file other than postgresql.auto.conf sets primary_conninfo, and it would follow that again; take the setting out of that file, or of Patroni's, and reload");
        }

        // Stored in postgresql.auto.conf, so a restart does not follow either. A short retry lets a later promotion or repoint take effect at once.
        await _server.SetAsync([("primary_conninfo", ""), ("wal_retrieve_retry_interval", "100ms")], cancellationToken);
        await _orders.UntilAsync(async () => !await _server.HasReceiverAsync(cancellationToken), "its WAL receiver still runs", cancellationToken);
        await _orders.UntilAsync(() => _server.KnowsItsWalAsync(cancellationToken), "it still replays the WAL it has", cancellationToken);
        return "follows nobody";
    }, cancellationToken, isPromise: true);

    /// <inheritdoc/>
    public Task<AgentReply> StopAsync(AgentCommand command, CancellationToken cancellationToken) => _orders.ObeyAsync(command, fenced: null, async () =>
    {
        // An orderly stop waits until everyone who streams has confirmed the last record: the archive, which confirms what its tiers hold, takes the rest from the next primary.
        await _server.DismissArchiveAsync(cancellationToken);
        await _host.StopAsync(ShutdownMode.Fast, cancellationToken);
        if (_lease.HasLapsed)
        {
            throw new OrderRefusedException("its lease ran out before it was stopped in order, and its standbys may lack what it wrote last");
        }

        // Else, were this agent away when the others follow the next primary, nobody would bring the server back: one that stands in order is one a person stopped.
        _memory.Write(_memory.Read() with { IsFenced = true });
        return "stopped";
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<AgentReply> StartAsync(AgentCommand command, CancellationToken cancellationToken) => _orders.ObeyAsync(command, fenced: null, async () =>
    {
        if (IsKeptDown)
        {
            throw new OrderRefusedException("it is fenced");
        }

        await _host.StartAsync(cancellationToken);
        return "runs";
    }, cancellationToken);

    /// <inheritdoc/>
    public Task CheckpointAsync(CancellationToken cancellationToken) => _server.CheckpointAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<AgentReply> PromoteAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        return _orders.ObeyAsync(command, fenced: null, async () =>
        {
            if (IsKeptDown)
            {
                throw new OrderRefusedException("it is fenced");
            }

            if (!await _server.IsInRecoveryAsync(cancellationToken))
            {
                return "is primary already";
            }

            await AcknowledgeByAsync(set, cancellationToken);
            return await _server.PromoteAsync(_options.Patience, _time, cancellationToken)
                ? "is primary"
                : throw new TimeoutException($"the promotion did not end within {_options.Patience.TotalSeconds:0} s");
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<AgentReply> ProveWriteAsync(AgentCommand command, bool waits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _orders.ObeyAsync(command, fenced: null, async () => await _server.IsInRecoveryAsync(cancellationToken)
            ? throw new OrderRefusedException("it is a standby")
            : await _server.WriteEpochAsync(command.Epoch, waits, cancellationToken), cancellationToken, minds: false);
    }

    /// <inheritdoc/>
    public Task<AgentReply> RepointAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) =>
        _orders.ObeyAsync(command, fenced: false, () => FollowAsync(upstream, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<AgentReply> RewindAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken)
    {
        LostWal? counted = null;
        var reply = await _orders.ObeyAsync(command, fenced: false, async () =>
        {
            await StopForGoodAsync(cancellationToken);
            var (done, lost) = await _former.RewindAsync(upstream, command.Epoch, cancellationToken);
            counted = lost;
            await FollowAsync(upstream, cancellationToken);
            return done;
        }, cancellationToken, fencedMeanwhile: true);
        return reply with { LostBytes = counted?.Bytes, LostCommits = counted?.Commits };
    }

    /// <inheritdoc/>
    public Task<AgentReply> ReseedAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => _orders.ObeyAsync(command, fenced: false, async () =>
    {
        await StopForGoodAsync(cancellationToken);
        var done = await _former.ReseedAsync(upstream, command.Epoch, cancellationToken);
        await FollowAsync(upstream, cancellationToken);
        return done;
    }, cancellationToken, fencedMeanwhile: true);

    /// <inheritdoc/>
    public async Task<AgentReply> BringUpAsync(
        AgentCommand command, SiteRestore request, IBackupRepository repository, Action<string> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(request);
        DateTimeOffset? last = null;
        var reply = await _orders.ObeyAsync(command, fenced: false, async () =>
        {
            var (method, at) = await _site.BringUpAsync(
                request, repository, () => _former.Aside(command.Epoch), _memory.Read().IsFenced, report, () => _orders.RefuseIfOverruled("it is brought up from the repository"), cancellationToken);
            last = at;
            return method;
        }, cancellationToken);
        return reply with { ReplayedTo = last };
    }

    /// <inheritdoc/>
    public Task<AgentReply> SetAcknowledgingAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        return _orders.ObeyAsync(command, fenced: null, () => AcknowledgeByAsync(set, cancellationToken), cancellationToken, minds: set.Needed == 0);
    }

    /// <inheritdoc/>
    public Task<AgentReply> GrantLeaseAsync(AgentCommand command, string holder, TimeSpan length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var refusal = _lease.Grant(holder, command.Epoch, length, () => _memory.Read().Epoch);
        return Task.FromResult(new AgentReply { Obeyed = refusal is null, Epoch = _memory.Read().Epoch, Reason = refusal is null ? null : $"{_options.Member}: {refusal}" });
    }

    /// <inheritdoc/>
    public Task LapseAsync(CancellationToken cancellationToken) => _lapse.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public Task GuardAsync(long? until, CancellationToken cancellationToken) => _options.Guard?.ArmAsync(until, cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task<AgentReply> ResumeAsync(AgentCommand command, CancellationToken cancellationToken) => _orders.ObeyAsync(command, fenced: null, async () =>
    {
        if (_memory.Read().IsFenced)
        {
            throw new OrderRefusedException("it is fenced");
        }

        await _lapse.ServeAsync(cancellationToken);
        return "serves";
    }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Guard?.Dispose();
        (_host as IDisposable)?.Dispose();
        _server.Dispose();
        _orders.Dispose();
    }

    private async Task<MemberStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        var memory = _memory.Read() with { IsFenced = IsKeptDown };
        if (!_host.IsRunning)
        {
            var control = await _directory.ReadControlAsync(cancellationToken);
            return new MemberStatus
            {
                Role = MemberRole.Stopped, Epoch = memory.Epoch, IsFenced = memory.IsFenced, Timeline = control.Timeline, Lsn = control.Lsn, IsShutDown = control.IsShutDown, RanAsStandby = control.RanAsStandby,
            };
        }

        try
        {
            return await _server.ReadAsync(memory, cancellationToken);
        }
        catch (NpgsqlException)
        {
            return new MemberStatus { Role = MemberRole.Unresponsive, Epoch = memory.Epoch, IsFenced = memory.IsFenced };
        }
    }

    private async Task<string> AcknowledgeByAsync(AcknowledgingSet set, CancellationToken cancellationToken)
    {
        await _server.SetAsync([("synchronous_standby_names", set.ToString())], cancellationToken);
        await _orders.UntilAsync(
            async () => await _server.ShowAsync("synchronous_standby_names", cancellationToken) == set.ToString(), "the setting is not in force", cancellationToken);
        return set.ToString();
    }

    private async Task StopForGoodAsync(CancellationToken cancellationToken)
    {
        await _host.StopForGoodAsync(cancellationToken);
        await _options.Instance.AwaitCollectedAsync(_options.Patience, cancellationToken);
        await _directory.PreparePasswordAsync(cancellationToken);
    }

    private async Task<string> FollowAsync(UpstreamServer upstream, CancellationToken cancellationToken)
    {
        await _directory.PreparePasswordAsync(cancellationToken);
        if (!_host.IsRunning)
        {
            await _directory.MakeStandbyAsync(cancellationToken);
            await _directory.FollowAsync(upstream, cancellationToken);
            await _host.StartAsync(cancellationToken);
        }
        else if (await _server.IsInRecoveryAsync(cancellationToken))
        {
            await _server.SetAsync([("primary_conninfo", _directory.ConnectionTo(upstream))], cancellationToken);
        }
        else
        {
            throw new OrderRefusedException("it is a running primary; fence it first");
        }

        await _orders.UntilAsync(
            async () => (await StatusAsync(cancellationToken)).Upstream == string.Create(CultureInfo.InvariantCulture, $"{upstream.Host}:{upstream.Port}"),
            $"it does not stream from {upstream.Name}", cancellationToken);
        await _server.DropIdleArchiveSlotAsync(cancellationToken);
        return $"follows {upstream.Name}";
    }
}
