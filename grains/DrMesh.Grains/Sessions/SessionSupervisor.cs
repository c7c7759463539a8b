using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DrMesh.Grains.Sessions;

/// <summary>
/// One on every silo. Says that this silo still runs its sessions, and on each change of membership and every few seconds wakes the sessions nobody runs. All silos do so at
/// once: a session's grain is reached by all of them, and its compare-and-set lets one go on.
/// </summary>
internal sealed class SessionSupervisor(
    ISessionTable table, SessionRoster roster, IGrainFactory grains, IClusterMembershipService membership, ILocalSiloDetails silo,
    IEnumerable<ISessionKindCheck> kinds, IOptions<SessionOptions> options, TimeProvider time, ILogger<SessionSupervisor> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _look = new(0);
    private readonly string _silo = silo.SiloAddress.ToParsableString();
    private Task _work = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<SessionSupervisor>(ServiceLifecycleStage.RuntimeInitialize, _ =>
        {
            foreach (var kind in kinds)
            {
                kind.Check();
            }

            return Task.CompletedTask;
        });
        lifecycle.Subscribe<SessionSupervisor>(ServiceLifecycleStage.Active, _ => Start(), StopAsync);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _look.Dispose();
    }

    private Task Start()
    {
        _work = Task.WhenAll(Task.Run(LookAgainAndAgainAsync), Task.Run(FollowMembershipAsync));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FollowMembershipAsync()
    {
        await foreach (var _ in membership.MembershipUpdates.WithCancellation(_stop.Token))
        {
            _look.Release();
        }
    }

    private async Task LookAgainAndAgainAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await BeatAsync();
                await WakeStaleAsync();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException && !_stop.IsCancellationRequested)
            {
                logger.TableUnreachable("looking for sessions nobody runs", failure);
            }

            await Task.WhenAny(_look.WaitAsync(_stop.Token), Task.Delay(options.Value.HeartbeatEvery, time, _stop.Token));
        }
    }

    private async Task BeatAsync()
    {
        if (roster.Running is { Count: > 0 } running)
        {
            await table.BeatAsync(running, _silo, _stop.Token);
        }
    }

    private async Task WakeStaleAsync()
    {
        var living = membership.CurrentSnapshot.Members
            .Where(member => member.Value.Status is not (SiloStatus.Dead or SiloStatus.None))
            .Select(member => member.Key.ToParsableString())
            .Append(_silo)
            .Distinct()
            .ToArray();
        var stale = await table.FindStaleAsync(options.Value.StaleAfter, living, _stop.Token);
        await Parallel.ForEachAsync(stale, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = _stop.Token }, async (session, cancel) =>
        {
            logger.Waking(session);
            try
            {
                await grains.GetSession(session).Wake(cancel);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException && !_stop.IsCancellationRequested)
            {
                // One session that cannot be read must not keep the others asleep.
                logger.WakeFailed(session, failure);
            }
        });
    }
}
