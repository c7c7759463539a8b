using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;
using DrMesh.TestKit.Recovery;

namespace DrMesh.Grains.Tests.Databases;

public sealed class ClusterViewTests
{
    [Theory]
    [InlineData(DurabilityMode.Async, false, 16L)]
    [InlineData(DurabilityMode.Async, true, null)]
    [InlineData(DurabilityMode.Quorum, true, 0L)]
    public void Of_PrimaryIsNoLongerSeen_LossIsUnknownWhereCommitsWaitForNobody(DurabilityMode mode, bool isSilent, long? loss)
    {
        var estate = FakeDatabases.Create(["orders"], durability: new DurabilityDefinition { Mode = mode }).Estate;
        var cluster = estate.Clusters.OfType<PostgreSqlCluster>().Single();
        var (primary, standby) = (cluster.Members[0].Name, cluster.Members[1].Name);
        var board = new MemberBoard(TimeProvider.System);
        var set = mode == DurabilityMode.Quorum ? AcknowledgingSet.Of(1, [standby]) : AcknowledgingSet.Nobody;
        board.Note(new ClusterRecord { Cluster = cluster.Name, Version = 1, Epoch = 1, Primary = primary, OpenSets = [set] });
        var status = new MemberStatus
        {
            Role = MemberRole.Primary, Epoch = 1, IsFenced = false, Lsn = new Lsn(1016),
            Followers = [new FollowerStatus { Name = standby, Flushed = new Lsn(1000), Replayed = new Lsn(1000), SyncState = "async" }],
        };
        board.Note(cluster.Name, primary, new AgentAnswer<MemberStatus>(status, null), TimeProvider.System.GetTimestamp());
        if (isSilent)
        {
            board.Note(cluster.Name, primary, new AgentAnswer<MemberStatus>(null, "no answer"), TimeProvider.System.GetTimestamp());
        }

        ClusterView.Of(estate, cluster, board, TimeProvider.System).LossNowBytes.ShouldBe(loss);
    }
}
