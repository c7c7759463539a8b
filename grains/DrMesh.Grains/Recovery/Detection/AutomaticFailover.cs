using System.Collections.Immutable;
using System.Security.Cryptography;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;
using DrMesh.Grains.Regions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Recovery.Detection;

/// <summary>
/// On every silo: when this silo's own observations say that a primary may be down, it hears the other silos, decides by <see cref="PrimaryDetection"/>, and begins a failover where the
/// policy is automatic. Several silos may decide at once: the control store lets one session of an application begin, and without the store none does.
/// </summary>
internal sealed class AutomaticFailover(
    EstateCache estates, MemberBoard board, PrimaryObserver observer, SiloNodes silos, SiloIdentity self, IGrainFactory grains, TimeProvider time,
    ILogger<AutomaticFailover> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan HearLimit = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan KeepWarm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan BetweenStarts = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(5);
    private const int Starts = 4;
    private readonly Dictionary<string, Considered> _considered = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (estates.Known is not { } estate)
            {
                continue;
            }

            foreach (var scope in ApplicationScope.All(estate).Where(scope => scope.Policy.Failover.Strategy == FailoverStrategy.Automatic))
            {
                if (!_considered.TryGetValue(scope.Name, out var considered))
                {
                    _considered[scope.Name] = considered = new Considered();
                }

                if (considered.Work.IsCompleted && time.GetElapsedTime(considered.RestSince) >= considered.Rest)
                {
                    considered.Work = Task.Run(() => ConsiderAsync(estate, scope, considered, stoppingToken), CancellationToken.None);
                }
            }
        }
    }

    private async Task ConsiderAsync(EstateDocument estate, ApplicationScope scope, Considered considered, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var cluster in scope.Clusters)
            {
                if (await FindDownAsync(estate, scope.Policy.Detection, cluster, considered, cancellationToken) is { } found)
                {
                    considered.Sleep(time, await BeginAsync(scope, found.Primary, found.Evidence, cancellationToken));
                    return;
                }
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.FailoverNotBegun(scope.Name, failure.Message);
            considered.Sleep(time, TimeSpan.FromSeconds(1));
        }
    }

    // A primary that is down, and the evidence for it; null: it is not, or this silo sees no reason to ask.
    private async Task<(string Primary, string Evidence)?> FindDownAsync(EstateDocument estate, DetectionPolicy policy, PostgreSqlCluster cluster, Considered considered, CancellationToken cancellationToken)
    {
        if (board.Record(cluster.Name) is not { Session: null } record || cluster.Members.FirstOrDefault(member => member.Name == record.Primary) is not { } primary)
        {
            return null;
        }

        var own = observer.Report(cluster.Name);
        var suspects = own.Primary == primary.Name && (own.Word == AgentWord.Gone || own.FailingFor >= policy.DownAfter);
        if (!suspects && time.GetElapsedTime(considered.HeardAt) < KeepWarm)
        {
            return null;
        }

        ImmutableArray<RegionId> regions = [.. estate.Regions.Select(region => region.Name)];
        // Heard in good times as well, so that the ways to the others are known when they are needed in a hurry.
        considered.HeardAt = time.GetTimestamp();
        var heard = await HearAsync(cluster.Name, own, (sofar, silent) => suspects && IsDown(sofar, silent), cancellationToken);
        if (!suspects || !IsDown(heard, []))
        {
            return null;
        }

        var about = About(heard);
        var word = Word(about);
        return (primary.Name, $"{primary.Name} of {cluster.Name} is down: "
            + (word == AgentWord.Gone ? "its agent says that its process is gone" : $"its agent is {word.ToString().ToLowerInvariant()}")
            + string.Concat(about.Where(entry => entry.Report.FailingFor is not null).Select(entry => $"; {entry.Node.Region} fails for {entry.Report.FailingFor!.Value.TotalSeconds:0.00} s ({entry.Report.Problem})")));

        (NodeId Node, ObserverReport Report)[] About(IEnumerable<(NodeId Node, ObserverReport Report)> reports) => [.. reports.Where(entry => entry.Report.Primary == primary.Name)];

        AgentWord Word(IEnumerable<(NodeId Node, ObserverReport Report)> reports) => reports.Where(entry => entry.Node == primary.Node).Select(entry => entry.Report.Word).FirstOrDefault();

        bool IsDown(IEnumerable<(NodeId Node, ObserverReport Report)> reports, IReadOnlyCollection<NodeId> silent)
        {
            var known = About(reports);
            var views = known
                .GroupBy(entry => entry.Node.Region)
                // A region fails only as long as each of its silos that say anything does; so it has no view before all were heard.
                .Where(region => !silent.Any(node => node.Region == region.Key))
                .Select(region => new RegionView(
                    region.Key,
                    region.All(entry => entry.Report.FailingFor is not null) ? region.Min(entry => entry.Report.FailingFor) : null,
                    region.All(entry => entry.Report.AnsweringFor is not null) ? region.Min(entry => entry.Report.AnsweringFor) : null))
                .ToArray();
            return PrimaryDetection.IsDown(false, primary.Node.Region, regions, views, Word(known), policy.DownAfter);
        }
    }

    // Until it is enough: the silo beside the primary may be as silent as the primary, and its time need not be waited for.
    private async Task<IReadOnlyList<(NodeId Node, ObserverReport Report)>> HearAsync(
        ClusterId cluster, ObserverReport own, Func<IReadOnlyList<(NodeId Node, ObserverReport Report)>, IReadOnlyCollection<NodeId>, bool> isEnough, CancellationToken cancellationToken)
    {
        List<(NodeId Node, ObserverReport Report)> heard = [(self.Node, own)];
        var asked = silos.ActiveNodes().Where(node => node != self.Node).ToDictionary(node => AskAsync(node, cluster, cancellationToken));
        while (asked.Count > 0 && !isEnough(heard, asked.Values))
        {
            var next = await Task.WhenAny(asked.Keys);
            if (await next is { } report)
            {
                heard.Add((asked[next], report));
            }

            asked.Remove(next);
        }

        return heard;
    }

    // A silo that says nothing says nothing of the database.
    private async Task<ObserverReport?> AskAsync(NodeId node, ClusterId cluster, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IObserverGrain>(node.ToString()).Report(cluster).WaitAsync(HearLimit, time, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    // A session's id may fall to a part of the grain directory that was lost with the region: when one does not answer soon, another is tried beside it. The control store admits one of
    // them; one that is heard late finds a session at work, or another primary than the one that was lost. Returns how long to rest.
    private async Task<TimeSpan> BeginAsync(ApplicationScope scope, string primary, string evidence, CancellationToken cancellationToken)
    {
        var request = new StartRecovery { Kind = RecoveryKind.Failover, Application = scope.Name, Reason = evidence, IsAutomatic = true, LostPrimary = primary };
        var tried = new HashSet<SessionId>();
        var starting = new List<Task>();
        while (starting.Count > 0 || tried.Count < Starts)
        {
            if (tried.Count < Starts)
            {
                var id = SessionId.Create(SessionKinds.Recovery, time.GetUtcNow(), RandomNumberGenerator.GetInt32(int.MaxValue));
                tried.Add(id);
                starting.Add(StartAsync(id, request, cancellationToken));
            }

            var next = await Task.WhenAny(tried.Count < Starts ? [.. starting, Task.Delay(BetweenStarts, time, cancellationToken)] : starting);
            if (next is not Task<StartResult?> answered)
            {
                continue;
            }

            starting.Remove(next);
            if (await answered is not { } result)
            {
                continue;
            }

            if (result.Session is not { } session || (result.Outcome == StartOutcome.Refused && !tried.Contains(session)))
            {
                logger.FailoverNotBegun(scope.Name, result.Reason ?? "");
                return AfterRefusal;
            }

            logger.FailoverBegun(scope.Name, session, evidence);
            return TimeSpan.FromSeconds(1);
        }

        return TimeSpan.Zero;
    }

    private async Task<StartResult?> StartAsync(SessionId id, StartRecovery request, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IDrSessionGrain>(id.Value).Start(request, cancellationToken).WaitAsync(StartLimit, time, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.FailoverNotBegun(request.Application, $"session {id} did not begin: {failure.Message}");
            return null;
        }
    }

    private sealed class Considered
    {
        public Task Work { get; set; } = Task.CompletedTask;

        public long HeardAt { get; set; }

        public long RestSince { get; private set; }

        public TimeSpan Rest { get; private set; }

        public void Sleep(TimeProvider time, TimeSpan rest) => (RestSince, Rest) = (time.GetTimestamp(), rest);
    }
}
