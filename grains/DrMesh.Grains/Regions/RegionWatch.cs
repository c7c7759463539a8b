using System.Collections.Concurrent;
using System.Collections.Immutable;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Regions;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Regions;

/// <summary>
/// Asks every silo of the mesh for its report every second and keeps what each region adds up to, so that an overview is at hand at once and
/// waits for nobody, least of all for a region that has just died.
/// </summary>
internal sealed partial class RegionWatch(
    SiloRoster roster, SiloIdentity self, IGrainFactory grains, TimeProvider time, ILogger<RegionWatch> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>How long a silo or region may be silent before it counts so.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(0.9);
    private readonly ConcurrentDictionary<NodeId, Told> _told = new();
    private readonly Dictionary<NodeId, Task> _asking = [];
    private readonly ConcurrentDictionary<RegionId, ReachabilityTracker> _trackers = new();
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private volatile Dictionary<RegionId, Standing> _standings = [];
    private Task _watching = Task.CompletedTask;

    /// <summary>Done when every silo was asked once.</summary>
    public Task FirstLook => _looked.Task;

    /// <summary>The other regions as this silo sees them, ordered by name.</summary>
    public ImmutableArray<RegionSighting> Sightings =>
        [.. _trackers
            .Where(tracker => tracker.Key != self.Node.Region)
            .OrderBy(tracker => tracker.Key.Value, StringComparer.Ordinal)
            .Select(tracker => new RegionSighting { Region = tracker.Key, Reachability = tracker.Value.Current })];

    /// <summary>Every region, ordered by name.</summary>
    public ImmutableArray<RegionOverview> Overview()
    {
        var standings = _standings;
        return [.. standings
            .OrderBy(standing => standing.Key.Value, StringComparer.Ordinal)
            .Select(standing => new RegionOverview
            {
                Region = standing.Key,
                State = standing.Value.Verdict.State,
                Since = time.GetUtcNow() - time.GetElapsedTime(standing.Value.Since),
                Problem = standing.Value.Verdict.Problem,
                Silos = standing.Value.Silos,
                Sees = standing.Key == self.Node.Region ? Sightings : SeenBy(standing.Value.Silos),
            })];
    }

    /// <summary>The silos of one region, ordered by node.</summary>
    public ImmutableArray<SiloHealth> SilosOf(RegionId region) => _standings.TryGetValue(region, out var standing) ? standing.Silos : [];

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    void ILifecycleParticipant<ISiloLifecycle>.Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(RegionWatch),
        ServiceLifecycleStage.Active,
        _ =>
        {
            _watching = Task.Run(WatchAsync, CancellationToken.None);
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _stopping.CancelAsync();
            await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await LookAsync();
            _looked.TrySetResult();
        }
        while (await timer.WaitForNextTickAsync(_stopping.Token));
    }

    private async Task LookAsync()
    {
        var silos = roster.All();
        // One question at a time to each silo: a frozen one must not gather a queue of them.
        foreach (var silo in silos.Where(silo => silo.State == SiloState.Active && _asking.GetValueOrDefault(silo.Node) is not { IsCompleted: false }))
        {
            _asking[silo.Node] = AskAsync(silo.Node);
        }

        await Task.WhenAll(_asking.Values).WaitAsync(AskLimit, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Token.ThrowIfCancellationRequested();
        Judge(silos);
    }

    private async Task AskAsync(NodeId node)
    {
        var asked = time.GetTimestamp();
        try
        {
            var report = await grains.GetGrain<ISiloGrain>(node.ToString()).GetReport(CancellationToken.None);
            _told[node] = new Told(report, time.GetTimestamp());
            Tracker(node.Region).Answered(time.GetElapsedTime(asked));
        }
        catch (Exception failure)
        {
            // A silo that does not answer is what is looked for here; the reason is shown with its region.
            Tracker(node.Region).Missed(failure is TimeoutException ? $"{node} did not answer in time" : failure.Message);
        }
    }

    private void Judge(IReadOnlyList<SiloHealth> silos)
    {
        var before = _standings;
        var now = time.GetTimestamp();
        var after = new Dictionary<RegionId, Standing>();
        foreach (var region in silos.GroupBy(silo => silo.Node.Region))
        {
            ImmutableArray<SiloHealth> seen = [.. region.Select(Observe)];
            var verdict = RegionVerdict.Of(seen);
            if (verdict.State == RegionState.Down)
            {
                Tracker(region.Key).Missed(verdict.Problem!);
            }

            var known = before.GetValueOrDefault(region.Key);
            after[region.Key] = new Standing(verdict, known?.Verdict.State == verdict.State ? known.Since : now, seen);
            if (known is not null && known.Verdict.State != verdict.State)
            {
                LogChanged(region.Key, known.Verdict.State, verdict.State, verdict.Problem);
            }
        }

        _standings = after;
    }

    // What the membership says, and what the silo said itself if that was lately.
    private SiloHealth Observe(SiloHealth silo)
    {
        if (silo.State != SiloState.Active)
        {
            return silo;
        }

        return _told.TryGetValue(silo.Node, out var told) && told.Report.Health.Address == silo.Address && time.GetElapsedTime(told.At) <= Patience
            ? told.Report.Health
            : silo with { State = SiloState.Silent };
    }

    private ImmutableArray<RegionSighting> SeenBy(ImmutableArray<SiloHealth> silos) =>
        silos.Where(silo => silo.State == SiloState.Active)
            .Select(silo => _told.TryGetValue(silo.Node, out var told) ? told.Report.Sees : [])
            .FirstOrDefault(sees => sees.Length > 0, []);

    private ReachabilityTracker Tracker(RegionId region) => _trackers.GetOrAdd(region, _ => new ReachabilityTracker(time, Patience));

    [LoggerMessage(LogLevel.Information, "Region {Region} went from {From} to {To}: {Problem}")]
    private partial void LogChanged(RegionId region, RegionState from, RegionState to, string? problem);

    private sealed record Told(SiloReport Report, long At);

    private sealed record Standing(RegionVerdict Verdict, long Since, ImmutableArray<SiloHealth> Silos);
}
