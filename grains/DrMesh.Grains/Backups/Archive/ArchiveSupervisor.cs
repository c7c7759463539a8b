using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>On every silo: makes sure every few seconds that each cluster whose policy asks for it is archived. One silo is enough; any may die.</summary>
internal sealed class ArchiveSupervisor(AppliedEstates estates, IGrainFactory grains, TimeProvider time, ILogger<ArchiveSupervisor> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var estate = await estates.CurrentAsync(stoppingToken);
                await Task.WhenAll(estate.Clusters.Where(cluster => IsArchived(estate, cluster)).Select(cluster => EnsureAsync(cluster, stoppingToken)));
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                logger.EstateNotRead(fault);
            }
        }
    }

    private static bool IsArchived(EstateDocument estate, ClusterDefinition cluster) =>
        estate.PolicyOf(cluster).Backup is { ContinuousArchive: true, Repositories.IsEmpty: false };

    private async Task EnsureAsync(ClusterDefinition cluster, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IArchiveGrain>(cluster.Name.Value).Ensure(cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            logger.ArchiveNotEnsured(cluster.Name, fault);
        }
    }
}
