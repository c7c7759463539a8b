using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery.ReplicaSets;

namespace DrMesh.TestKit.Recovery;

/// <summary>For worlds without a replica set: nobody may ask for one.</summary>
internal sealed class NoReplicaSets : IReplicaSetControl
{
    public Task<MongoSet> ObserveAsync(MongoAddress address, CancellationToken cancellationToken) => throw Unexpected();

    public Task<MemberLook> LookAsync(MongoAddress address, string host, CancellationToken cancellationToken) => throw Unexpected();

    public Task ReconfigureAsync(MongoAddress address, SetAction.Reconfigure order, long from, CancellationToken cancellationToken) => throw Unexpected();

    public Task StepDownAsync(MongoAddress address, string host, CancellationToken cancellationToken) => throw Unexpected();

    public Task StopAsync(MongoAddress address, string host, CancellationToken cancellationToken) => throw Unexpected();

    public Task<OpTime> WriteEpochAsync(MongoAddress address, string host, ClusterId cluster, long epoch, CancellationToken cancellationToken) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("this world has no replica set");
}
