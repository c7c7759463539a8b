using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>Holds this machine's running archives.</summary>
[PlacedOnNode, KeepAlive]
internal sealed class NodeArchiveGrain(
    AppliedEstates estates, IPostgresEngine engine, ClusterRepositories repositories, ILogger<NodeArchiveGrain> logger) : Grain, INodeArchiveGrain
{
    private readonly Dictionary<ClusterId, ArchiveRun> _runs = [];

    private NodeId Here => NodeId.TryParse(this.GetPrimaryKeyString()) ?? throw new InvalidOperationException("the key is not region/node");

    public async Task<ArchiveStatus> Ensure(ClusterId cluster, NodeId primary)
    {
        if (_runs.TryGetValue(cluster, out var run) && (run.Source != primary || run.HasEnded))
        {
            await run.DisposeAsync();
            _runs.Remove(cluster);
            run = null;
        }

        if (run is null)
        {
            var estate = await estates.CurrentAsync(CancellationToken.None);
            var declared = estate.PostgreSql(cluster);
            var server = estate.Servers(declared).First(known => known.Node == primary);
            var options = new WalArchiveOptions
            {
                Cluster = cluster.Value,
                SlotLimitMegabytes = (int)(estate.PolicyOf(declared).Backup.SlotLimit.Bytes >> 20),
            };
            run = ArchiveRun.Start(cluster, primary, logger, async token =>
            {
                var repository = await repositories.OpenAsync(cluster, token);
                return (engine.Archive(server, options, repository), repository);
            });
            _runs[cluster] = run;
        }

        return run.Status(Here);
    }

    public Task<ArchiveStatus?> Status(ClusterId cluster) => Task.FromResult(_runs.GetValueOrDefault(cluster)?.Status(Here));

    public async Task Stop(ClusterId cluster)
    {
        if (_runs.Remove(cluster, out var run))
        {
            await run.DisposeAsync();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await Task.WhenAll(_runs.Values.Select(run => run.DisposeAsync().AsTask()));
}
