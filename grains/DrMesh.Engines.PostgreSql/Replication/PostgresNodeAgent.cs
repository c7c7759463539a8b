using System.Globalization;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Recovery;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Restore;
using DrMesh.Engines.PostgreSql.Rewind;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>The agent beside one PostgreSQL server. One order at a time.</summary>
public sealed class PostgresNodeAgent : INodeAgent, IDisposable
{
    private readonly SemaphoreSlim _oneOrder = new(1, 1);
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
    private readonly HighestEpochAsked _asked = new();

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

    private async Task<MemberStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        var memory = _memory.Read() with { IsFenced = IsKeptDown };
        if (!_host.IsRunning)
        {
            var control = await _directory.ReadControlAsync(cancellationToken);
            return new MemberStatus { Role = MemberRole.Stopped, Epoch = memory.Epoch, IsFenced = memory.IsFenced, Timeline = control.Timeline, Lsn = control.Lsn, IsShutDown = control.IsShutDown };
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

    /// <inheritdoc/>
    public Task<AgentReply> FenceAsync(AgentCommand command, CancellationToken cancellationToken) => ObeyAsync(command, fenced: true, async () =>
    {
        // Whoever starts it by hand from here on gets a standby that follows nobody.
        await _directory.MakeStandbyAsync(cancellationToken);
        await _host.StopAsync(ShutdownMode.Immediate, cancellationToken);
        await _host.RefuseWhatItMayUndoAsync(true, cancellationToken, "it is stopped, and may not stay so: ");
        return "stopped";
    }, cancellationToken, minds: false);

    /// <inheritdoc/>
    public Task<AgentReply> UnfenceAsync(AgentCommand command, CancellationToken cancellationToken) => ObeyAsync(command, fenced: false, async () =>
    {
        if (!_host.IsRunning)
        {
            _directory.MakePrimary();
            await _host.StartAsync(cancellationToken);
        }

        return "serves";
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<AgentReply> PromiseAsync(AgentCommand command, CancellationToken cancellationToken) => ObeyAsync(command, fenced: null, async () =>
    {
        if (!await _server.IsInRecoveryAsync(cancellationToken))
        {
            throw new OrderRefusedException("it is a primary");
        }

        _ = !_host.KeepsRecoverySettings && await _server.FollowsWithoutAutoConfAsync(_time, cancellationToken) ? throw new OrderRefusedException("a configuration file other than postgresql.auto.conf sets primary_conninfo, and it would follow that again; take the setting out of that file, or of Patroni's, and reload") : true;
        // Stored in postgresql.auto.conf, so a restart does not follow either. A short retry lets a later promotion or repoint take effect at once.
        await _server.SetAsync([("primary_conninfo", ""), ("wal_retrieve_retry_interval", "100ms")], cancellationToken);
        await UntilAsync(async () => !await _server.HasReceiverAsync(cancellationToken), "its WAL receiver still runs", cancellationToken);
        await UntilAsync(() => _server.KnowsItsWalAsync(cancellationToken), "it still replays the WAL it has", cancellationToken);
        return "follows nobody";
    }, cancellationToken, isPromise: true);

    /// <inheritdoc/>
    public Task<AgentReply> StopAsync(AgentCommand command, CancellationToken cancellationToken) => ObeyAsync(command, fenced: null, async () =>
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
    public Task<AgentReply> StartAsync(AgentCommand command, CancellationToken cancellationToken) => ObeyAsync(command, fenced: null, async () =>
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
        return ObeyAsync(command, fenced: null, async () =>
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
        return ObeyAsync(command, fenced: null, async () => await _server.IsInRecoveryAsync(cancellationToken)
            ? throw new OrderRefusedException("it is a standby")
            : await _server.WriteEpochAsync(command.Epoch, waits, cancellationToken), cancellationToken, minds: false);
    }

    /// <inheritdoc/>
    public Task<AgentReply> RepointAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) =>
        ObeyAsync(command, fenced: false, () => FollowAsync(upstream, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<AgentReply> RewindAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken)
    {
        LostWal? counted = null;
        var reply = await ObeyAsync(command, fenced: false, async () =>
        {
            await _host.StopForGoodAsync(cancellationToken);
            await _directory.PreparePasswordAsync(cancellationToken);
            var (done, lost) = await _former.RewindAsync(upstream, command.Epoch, cancellationToken);
            counted = lost;
            await FollowAsync(upstream, cancellationToken);
            return done;
        }, cancellationToken, fencedMeanwhile: true);
        return reply with { LostBytes = counted?.Bytes, LostCommits = counted?.Commits };
    }

    /// <inheritdoc/>
    public Task<AgentReply> ReseedAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => ObeyAsync(command, fenced: false, async () =>
    {
        await _host.StopForGoodAsync(cancellationToken);
        await _directory.PreparePasswordAsync(cancellationToken);
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
        var reply = await ObeyAsync(command, fenced: false, async () =>
        {
            var (method, at) = await _site.BringUpAsync(
                request, repository, _former.Aside(command.Epoch), _memory.Read().IsFenced, report, () => RefuseIfOverruled("it is brought up from the repository"), cancellationToken);
            last = at;
            return method;
        }, cancellationToken);
        return reply with { ReplayedTo = last };
    }

    /// <inheritdoc/>
    public Task<AgentReply> SetAcknowledgingAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        return ObeyAsync(command, fenced: null, () => AcknowledgeByAsync(set, cancellationToken), cancellationToken, minds: set.Needed == 0);
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
    public Task<AgentReply> ResumeAsync(AgentCommand command, CancellationToken cancellationToken) => ObeyAsync(command, fenced: null, async () =>
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
        _oneOrder.Dispose();
    }

    private async Task<string> AcknowledgeByAsync(AcknowledgingSet set, CancellationToken cancellationToken)
    {
        await _server.SetAsync([("synchronous_standby_names", set.ToString())], cancellationToken);
        await UntilAsync(
            async () => await _server.ShowAsync("synchronous_standby_names", cancellationToken) == set.ToString(), "the setting is not in force", cancellationToken);
        return set.ToString();
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

        await UntilAsync(
            async () => (await StatusAsync(cancellationToken)).Upstream == string.Create(CultureInfo.InvariantCulture, $"{upstream.Host}:{upstream.Port}"),
            $"it does not stream from {upstream.Name}", cancellationToken);
        await _server.DropIdleArchiveSlotAsync(cancellationToken);
        return $"follows {upstream.Name}";
    }

    // The epoch is on the disk before anything is done under it, so that a lower one is refused even if the agent dies in between.
    private async Task<AgentReply> ObeyAsync(AgentCommand command, bool? fenced, Func<Task<string>> act, CancellationToken cancellationToken, bool fencedMeanwhile = false, bool isPromise = false, bool minds = true)
    {
        _asked.Note(command.Epoch);
        await _oneOrder.WaitAsync(cancellationToken);
        try
        {
            var memory = _memory.Read();
            if (command.Epoch < memory.Epoch)
            {
                return new AgentReply { Obeyed = false, Epoch = memory.Epoch, Reason = $"epoch {command.Epoch} is over; {_options.Member} has seen {memory.Epoch}" };
            }

            // A fence counts before the server is stopped; its end counts only after the server is what it should be.
            // So does one that is stopped only for a rewind or a copy: if that fails, it was not a person who stopped it, and it is brought back.
            memory = new AgentMemory(command.Epoch, fenced == true || fencedMeanwhile || memory.IsFenced || (fenced == false && _lease.HasLapsed));
            if (isPromise && _lease.Promise(() => _memory.Write(memory)) is { } granted)
            {
                return new AgentReply { Obeyed = false, Epoch = _memory.Read().Epoch, Reason = $"{_options.Member}: {granted}" };
            }

            if (!isPromise)
            {
                _memory.Write(memory);
            }

            // The fence stands for a lapse from here on: a lease that runs out meanwhile is a new one.
            if (fenced == false)
            {
                _lease.HasLapsed = false;
            }

            try
            {
                await _host.RefuseWhatItMayUndoAsync(minds, cancellationToken);
                var detail = await act();
                if (fenced == false && memory.IsFenced)
                {
                    _memory.Write(memory with { IsFenced = false });
                }

                var status = await StatusAsync(cancellationToken);
                // A promise without its LSN, above all, would be worse than none.
                if (status.Role == MemberRole.Unresponsive)
                {
                    throw new OrderRefusedException("it does not tell how far it is");
                }

                return new AgentReply { Obeyed = true, Epoch = command.Epoch, Timeline = status.Timeline, Lsn = status.Lsn, Detail = detail };
            }
            catch (OrderRefusedException refused)
            {
                return new AgentReply { Obeyed = false, Epoch = command.Epoch, Reason = $"{_options.Member}: {refused.Message}" };
            }
        }
        finally
        {
            _oneOrder.Release();
        }
    }

    // A standby told to follow a primary that died must not keep the promise waiting that replaces it.
    private void RefuseIfOverruled(string otherwise)
    {
        if (_asked.Epoch is var asked && asked > _memory.Read().Epoch)
        {
            throw new OrderRefusedException($"{otherwise}, and an order under epoch {asked} waits");
        }
    }

    private async Task UntilAsync(Func<Task<bool>> holds, string otherwise, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        while (true)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (NpgsqlException) when (_time.GetElapsedTime(begun) < _options.Patience)
            {
                // A server that is starting refuses connections for a moment.
            }

            RefuseIfOverruled(otherwise);
            if (_time.GetElapsedTime(begun) > _options.Patience)
            {
                throw new DrMeshException(
                    DrMeshError.ServerUnwilling, $"{_options.Member}: after {_options.Patience.TotalSeconds:0} s {otherwise}",
                    $"look at the server's log: {_options.Instance.DataDirectory}.log");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancellationToken);
        }
    }
}
