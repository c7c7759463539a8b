using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Estate;
using DrMesh.Grains.Backups.Unified;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>Holds this machine's running archives.</summary>
[PlacedOnNode, KeepAlive]
internal sealed class NodeArchiveGrain(
    AppliedEstates estates, IPostgresEngine engine, IMongoEngine mongo, ClusterRepositories repositories, ArchiveInstruments instruments, TimeProvider time, ILogger<NodeArchiveGrain> logger) : Grain, INodeArchiveGrain
{
    private readonly Dictionary<ClusterId, IArchiveRun> _runs = [];

    private NodeId Here => NodeId.TryParse(this.GetPrimaryKeyString()) ?? throw new InvalidOperationException("the key is not region/node");

    public async Task<ArchiveStatus> Ensure(ClusterId cluster, NodeId primary)
    {
        if (await RunningAsync(cluster, primary) is not ArchiveRun run)
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

        return Noted(run.Status(Here));
    }

    public async Task<ArchiveStatus> EnsureOplog(ClusterId cluster, string committed)
    {
        if (await RunningAsync(cluster, null) is not OplogArchiveRun run)
        {
            run = OplogArchiveRun.Start(cluster, mongo, time, logger, async token =>
            {
                var estate = await estates.CurrentAsync(token);
                return (await estate.MongoAsync(estate.MongoDb(cluster), token), await repositories.OpenAsync(cluster, token), estate.BackupPolicyOf(cluster.Value).SpoolLimit.Bytes);
            });
            _runs[cluster] = run;
        }

        run.Committed = committed;
        return Noted(run.Status(Here));
    }

    public Task<ArchiveStatus?> Status(ClusterId cluster) => Task.FromResult(_runs.GetValueOrDefault(cluster)?.Status(Here));

    public async Task Stop(ClusterId cluster)
    {
        instruments.Forget(cluster);
        if (_runs.Remove(cluster, out var run))
        {
            await run.DisposeAsync();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await Task.WhenAll(_runs.Values.Select(run => run.DisposeAsync().AsTask()));

    private ArchiveStatus Noted(ArchiveStatus status)
    {
        instruments.Note(status);
        return status;
    }

    // One that ended, or streams from another member than it should, is none.
    private async Task<IArchiveRun?> RunningAsync(ClusterId cluster, NodeId? source)
    {
        if (_runs.TryGetValue(cluster, out var run) && (run.Source != source || run.HasEnded))
        {
            _runs.Remove(cluster);
            await run.DisposeAsync();
            return null;
        }

        return run;
    }
}
