using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Recovery;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Agents;

/// <summary>
/// The lease of one member whose commits may wait for nobody: one loop renews it, another stops the server when it runs out, whatever the first one waits for. A server that stopped for that
/// serves again as soon as the control store confirms that it still leads.
/// </summary>
internal sealed class MemberLease(ClusterId cluster, string member, INodeAgent agent, LeaseRenewal renewal, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(1);
    private readonly LeaseCell _cell = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private Task _resuming = Task.CompletedTask;
    private INodeAgent _agent = agent;
    private LeaseOutcome? _last;
    private string? _unguarded;
    private bool _isBound;
    private bool _isOver;

    private INodeAgent Agent => Volatile.Read(ref _agent);

    /// <summary>The agent beside the server is another one once the estate declares the server otherwise.</summary>
    public async Task UseAsync(INodeAgent agent, CancellationToken cancellationToken)
    {
        if (agent == Agent)
        {
            return;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            await Agent.GuardAsync(null, cancellationToken);
            Volatile.Write(ref _agent, agent);
            await GuardAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Takes or renews it now.</summary>
    /// <returns>Why the member may not write, or null when it may; nothing when the lease is kept no more, and another must be begun.</returns>
    public async Task<(bool IsKept, string? Refusal)> TakeAsync(CancellationToken cancellationToken) => await RenewAsync(cancellationToken) switch
    {
        null => (false, null),
        LeaseOutcome.NotNeeded => (true, null),
        LeaseOutcome.Held when _unguarded is { } problem => (true, $"it is declared as bound to its agent, and is not: {problem}"),
        LeaseOutcome.Held when _cell.Holder.Runs(renewal.Now) => (true, null),
        LeaseOutcome.Held => (true, "the lease it took has run out meanwhile: this machine is too busy for it"),
        LeaseOutcome.Asked when _cell.Holder.Runs(renewal.Now) => (true, null),
        LeaseOutcome.Asked => (true, "the control store does not answer, so it can take no lease, and commits would wait for nobody"),
        LeaseOutcome.Refused => (true, "a session holds the cluster, so it can take no lease, and commits would wait for nobody"),
        _ => (true, "another member leads, so it can take no lease, and commits would wait for nobody"),
    };

    /// <summary>Keeps it until it is needed no more.</summary>
    /// <param name="length">The policy's lease: for so long a server that was found without one may serve until it has taken it.</param>
    /// <param name="cancellationToken">Ends it; the server is left as it is.</param>
    public async Task KeepAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(renewal.Now + length, over.Token);
        try
        {
            using var timer = new PeriodicTimer(new LeaseTerm(length).RenewalPeriod, time);
            while (await RenewAsync(cancellationToken, keeps: true) is not null && await timer.WaitForNextTickAsync(cancellationToken))
            {
            }
        }
        finally
        {
            await over.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    // Null: it is over. Decided between two renewals, so that nobody takes a lease that is kept no more.
    private async Task<LeaseOutcome?> RenewAsync(CancellationToken cancellationToken, bool keeps = false)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_isOver)
            {
                return null;
            }

            // Whatever ends it with its agent takes a moment to start, and the lease counts from the first renewal on.
            if (_cell.Holder.Until is null && !_isBound)
            {
                await GuardAsync(long.MaxValue, cancellationToken);
            }

            var outcome = await renewal.RenewAsync(_cell, cluster, member, Agent.MayWrite, cancellationToken);
            if (outcome != _last)
            {
                logger.LeaseChanged(cluster, member, outcome);
                _last = outcome;
            }

            _isOver = keeps && ((outcome == LeaseOutcome.NotNeeded && !Agent.HasLapsed) || (outcome == LeaseOutcome.Lost && !Agent.MayWrite));
            await GuardAsync(cancellationToken);
            if (Agent.HasLapsed && outcome is LeaseOutcome.Held or LeaseOutcome.NotNeeded && _resuming.IsCompleted)
            {
                _resuming = ResumeAsync(cancellationToken);
            }

            return _isOver ? null : outcome;
        }
        finally
        {
            _one.Release();
        }
    }

    private Task GuardAsync(CancellationToken cancellationToken) =>
        _isOver || _last == LeaseOutcome.NotNeeded ? GuardAsync(null, cancellationToken)
        : _cell.Holder.EndAt is { } end ? GuardAsync(renewal.ToTimestamp(end), cancellationToken)
        : Task.CompletedTask;

    // Without its guard a server that is declared as bound goes on with the lease it has, and takes none anew.
    private async Task GuardAsync(long? until, CancellationToken cancellationToken)
    {
        try
        {
            await Agent.GuardAsync(until, cancellationToken);
            (_isBound, _unguarded) = (until is not null, null);
        }
        catch (DrMeshException failure)
        {
            (_isBound, _unguarded) = (false, failure.Message);
            logger.LeaseNotGuarded(cluster, member, failure.Message);
        }
    }

    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await renewal.SettledEpochAsync(cluster, member, cancellationToken) is { } epoch)
            {
                var reply = await Agent.ResumeAsync(AgentCommand.Of($"resume-{cluster}-{member}", epoch), cancellationToken);
                logger.LeaseResumed(cluster, member, reply.Reason ?? reply.Detail ?? "serves");
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LeaseNotResumed(cluster, member, failure.Message);
        }
    }

    private async Task WatchAsync(TimeSpan graceEnds, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Agent.MayWrite && !_cell.Holder.Runs(renewal.Now) && await MustStopAsync(graceEnds, cancellationToken))
            {
                try
                {
                    logger.LeaseLapsed(cluster, member);
                    await Agent.LapseAsync(CancellationToken.None);
                }
                catch (Exception failure)
                {
                    logger.LeaseNotFenced(cluster, member, failure.Message);
                }
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    // One that never held a lease may be waiting for standbys still, and then needs none.
    private async Task<bool> MustStopAsync(TimeSpan graceEnds, CancellationToken cancellationToken)
    {
        if (_last == LeaseOutcome.Lost || _cell.Holder.Until is not null)
        {
            return true;
        }

        if (renewal.Now < graceEnds || _last == LeaseOutcome.NotNeeded)
        {
            return false;
        }

        try
        {
            return (await Agent.StatusAsync(cancellationToken).WaitAsync(StatusLimit, time, cancellationToken)).SynchronousStandbyNames.Length == 0;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }
}
