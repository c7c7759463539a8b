using System.Collections.Concurrent;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Databases;

/// <summary>Between sessions: moves the names of a cluster's services after it where the session that moved the cluster could not. What is decided is <see cref="NameUpkeep"/>'s.</summary>
internal sealed class NameKeeper(IGrainFactory grains, MemberBoard board, TimeProvider time, ILogger<NameKeeper> logger)
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, long> _lookedAt = new();

    /// <summary>Looks at each service's names, every few seconds at most.</summary>
    /// <param name="estate">The estate.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="read">Reads the cluster's record anew.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async Task KeepAsync(EstateDocument estate, PostgreSqlCluster cluster, Func<Task<ClusterRecord?>> read, CancellationToken cancellationToken)
    {
        foreach (var service in estate.Services.Where(service => estate.ClusterOf(service) == cluster.Name))
        {
            if (_lookedAt.TryGetValue(service.Name, out var at) && time.GetElapsedTime(at) < Rest)
            {
                continue;
            }

            _lookedAt[service.Name] = time.GetTimestamp();
            var traffic = grains.GetGrain<ITrafficGrain>(service.Name);
            var status = await traffic.GetStatus(cancellationToken).WaitAsync(AskLimit, time, cancellationToken);
            // What the board knows says whether anything is to be done; whether it still is, the control store.
            if (board.Record(cluster.Name) is not { } known || NameUpkeep.EpochToMove(known, RegionOf(cluster, known), status) is null
                || await read() is not { } record || NameUpkeep.EpochToMove(record, RegionOf(cluster, record), status) is not { } epoch)
            {
                continue;
            }

            var region = RegionOf(cluster, record);

            // The session's part of the id is kept: by it the next look knows that no person moved them meanwhile.
            var session = status.Last!.OperationId.Split('/')[0];
            var order = new SwitchTraffic
            {
                OperationId = $"{session}/{service.Name}/again-{status.Generation}", To = region, Epoch = epoch, Reason = $"session {session} left the names behind",
            };
            logger.NamesMovedAgain(cluster.Name, service.Name, region, status.Last.Detail);
            await traffic.Switch(order, cancellationToken).WaitAsync(AskLimit, time, cancellationToken);
        }
    }

    private static RegionId RegionOf(PostgreSqlCluster cluster, ClusterRecord record) => cluster.Members.First(member => member.Name == record.Primary).Node.Region;
}
