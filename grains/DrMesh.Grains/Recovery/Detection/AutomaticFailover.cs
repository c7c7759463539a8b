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
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(5);
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
                if (await FindDownAsync(estate, scope.Policy.Detection, cluster, considered, cancellationToken) is { } evidence)
                {
                    considered.Sleep(time, await BeginAsync(scope, evidence, cancellationToken) ? TimeSpan.FromSeconds(1) : AfterRefusal);
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

    // The evidence that a cluster's primary is down; null: it is not, or this silo sees no reason to ask.
    private async Task<string?> FindDownAsync(EstateDocument estate, DetectionPolicy policy, PostgreSqlCluster cluster, Considered considered, CancellationToken cancellationToken)
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

        // Heard in good times as well, so that the ways to the others are known when they are needed in a hurry.
        considered.HeardAt = time.GetTimestamp();
        var heard = await HearAsync(cluster.Name, own, cancellationToken);
        if (!suspects)
        {
            return null;
        }

        var about = heard.Where(entry => entry.Report.Primary == primary.Name).ToArray();
        var views = about
            .GroupBy(entry => entry.Node.Region)
            // A region fails only as long as each of its silos that say anything does.
            .Select(region => new RegionView(
                region.Key,
                region.All(entry => entry.Report.FailingFor is not null) ? region.Min(entry => entry.Report.FailingFor) : null,
                region.All(entry => entry.Report.AnsweringFor is not null) ? region.Min(entry => entry.Report.AnsweringFor) : null))
            .ToArray();
        var word = about.Where(entry => entry.Node == primary.Node).Select(entry => entry.Report.Word).FirstOrDefault();
        ImmutableArray<RegionId> regions = [.. estate.Regions.Select(region => region.Name)];
        if (!PrimaryDetection.IsDown(false, primary.Node.Region, regions, views, word, policy.DownAfter))
        {
            return null;
        }

        return $"{primary.Name} of {cluster.Name} is down: "
            + (word == AgentWord.Gone ? "its agent says that its process is gone" : $"its agent is {word.ToString().ToLowerInvariant()}")
            + string.Concat(about.Where(entry => entry.Report.FailingFor is not null).Select(entry => $"; {entry.Node.Region} fails for {entry.Report.FailingFor!.Value.TotalSeconds:0.00} s ({entry.Report.Problem})"));
    }

    private async Task<IReadOnlyList<(NodeId Node, ObserverReport Report)>> HearAsync(ClusterId cluster, ObserverReport own, CancellationToken cancellationToken)
    {
        var others = silos.ActiveNodes().Where(node => node != self.Node).Select(async node =>
        {
            try
            {
                var report = await grains.GetGrain<IObserverGrain>(node.ToString()).Report(cluster).WaitAsync(HearLimit, time, cancellationToken);
                return ((NodeId Node, ObserverReport Report)?)(node, report);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // A silo that says nothing says nothing of the database.
                return null;
            }
        });
        return [(self.Node, own), .. (await Task.WhenAll(others)).OfType<(NodeId, ObserverReport)>()];
    }

    // A session's id may fall to a part of the grain directory that died with the region; then another id is tried. Of two that begin, the control store admits one.
    private async Task<bool> BeginAsync(ApplicationScope scope, string evidence, CancellationToken cancellationToken)
    {
        var request = new StartRecovery { Kind = RecoveryKind.Failover, Application = scope.Name, Reason = evidence, IsAutomatic = true };
        for (var tries = 0; tries < 4; tries++)
        {
            var id = SessionId.Create(SessionKinds.Recovery, time.GetUtcNow(), RandomNumberGenerator.GetInt32(int.MaxValue));
            try
            {
                var started = await grains.GetGrain<IDrSessionGrain>(id.Value).Start(request, cancellationToken).WaitAsync(StartLimit, time, cancellationToken);
                if (started.Outcome == StartOutcome.Refused)
                {
                    logger.FailoverNotBegun(scope.Name, started.Reason ?? "");
                    return false;
                }

                logger.FailoverBegun(scope.Name, id, evidence);
                return true;
            }
            catch (TimeoutException)
            {
                logger.FailoverNotBegun(scope.Name, $"session {id} did not answer in {StartLimit.TotalSeconds} s; another is tried");
            }
        }

        return false;
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
