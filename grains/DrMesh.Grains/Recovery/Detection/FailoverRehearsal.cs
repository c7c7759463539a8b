using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Sessions;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Recovery;
using DrMesh.Grains.ControlStore;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Sessions;
using DrMesh.Grains.Traffic;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Recovery.Detection;

/// <summary>
/// On every silo, once for each application that fails over by itself: goes through its failover as far as nothing outside changes. Facts, plan, the machine's way through it and its stored form, and the
/// names as the provider and its servers tell them. A program is slow where it never ran before: the first failover of a silo, which is the one that counts, would take twice as long. And a provider that does
/// not answer is known before it is needed.
/// </summary>
internal sealed class FailoverRehearsal(
    EstateCache estates, MemberBoard board, RecoveryFactsReader facts, DirectTrafficSwitch names, TimeProvider time, ILogger<FailoverRehearsal> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly HashSet<string> _rehearsed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _failedAt = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (estate, scope) in Due())
            {
                await TryAsync(estate, scope, stoppingToken);
            }
        }
    }

    // An application whose primaries nobody knows yet has nothing to go through.
    private IEnumerable<(EstateDocument Estate, ApplicationScope Scope)> Due() => estates.Known is not { } estate ? [] : ApplicationScope.All(estate)
        .Where(scope => scope.Policy.Failover.Strategy == FailoverStrategy.Automatic && !_rehearsed.Contains(scope.Name)
            && scope.Clusters.All(cluster => board.Record(cluster.Name) is { Session: null })
            && !(_failedAt.TryGetValue(scope.Name, out var failed) && time.GetElapsedTime(failed) < Rest))
        .Select(scope => (estate, scope));

    private async Task TryAsync(EstateDocument estate, ApplicationScope scope, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(Limit);
        try
        {
            await RehearseAsync(estate, scope, enough.Token);
            _rehearsed.Add(scope.Name);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            _failedAt[scope.Name] = time.GetTimestamp();
            logger.NotRehearsed(scope.Name, failure.Message);
        }
    }

    private async Task RehearseAsync(EstateDocument estate, ApplicationScope scope, CancellationToken cancellationToken)
    {
        var found = await facts.ReadAsync(new StartRecovery { Kind = RecoveryKind.Failover, Application = scope.Name, Reason = "rehearsed", IsAutomatic = true }, cancellationToken);
        RecoveryPreviews.Of(found);
        if (RecoveryPlanner.Plan(found).Plan is { } plan)
        {
            var begun = DrSession.Machine.Create(new SessionId(SessionKinds.Recovery), plan.Application, "", "", plan, time.GetUtcNow());
            var serializer = new StateSerializer();
            serializer.Deserialize<StoredSession<RecoveryPlan>>(serializer.Serialize(new StoredSession<RecoveryPlan> { Session = begun }));
        }

        foreach (var service in scope.Services)
        {
            var (declared, provider) = EstateDeclarations.Find(estate, new ServiceId(service.Name));
            if (RegionOf(scope, declared) is { } region)
            {
                await names.RehearseAsync(declared, provider, region, cancellationToken);
            }
        }
    }

    private RegionId? RegionOf(ApplicationScope scope, ServiceDefinition service)
    {
        var cluster = scope.Clusters.FirstOrDefault(cluster => service.Cluster is null || cluster.Name == service.Cluster);
        return cluster?.Members.FirstOrDefault(member => member.Name == board.Record(cluster.Name)?.Primary)?.Node.Region;
    }
}
