using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Estate;
using DrMesh.TestKit.Recovery;

namespace DrMesh.Grains.Tests.Agents;

/// <summary>What becomes of a standby that is told to follow and does not stream.</summary>
public sealed class RejoinWorkerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Standby_DoesNotStreamThoughThePrimaryAnswers_IsCopiedAnew()
    {
        var standby = new StubbornStandby();

        (await RejoinAsync(standby, problem: null))["method"].ShouldBe("re-seed");

        standby.Orders.ShouldBe(["repoint", "rewind", "re-seed"]);
    }

    [Fact]
    public async Task Standby_PrimaryOutOfReach_IsLeftRunning()
    {
        var standby = new StubbornStandby();

        (await Should.ThrowAsync<DrMeshException>(() => RejoinAsync(standby, problem: "no route"))).Message.ShouldContain("no route");

        standby.Orders.ShouldBe(["repoint"], "stopped, it could promise nothing");
    }

    [Fact]
    public async Task Standby_RefusesTheEpoch_IsLeftAlone()
    {
        var standby = new StubbornStandby { Refuses = true };

        await Should.ThrowAsync<DrMeshException>(() => RejoinAsync(standby, problem: null));

        standby.Orders.ShouldBe(["repoint"]);
    }

    [Theory]
    [InlineData(true, "repoint, rewind, re-seed")]
    [InlineData(false, "rewind, re-seed")]
    public async Task Stopped_RanAsAStandby_IsStartedAsOneFirst_AFormerPrimaryNever(bool ranAsStandby, string orders)
    {
        var stopped = new StubbornStandby { Status = new MemberStatus { Role = MemberRole.Stopped, Epoch = 3, IsFenced = true, RanAsStandby = ranAsStandby } };

        (await RejoinAsync(stopped, problem: null))["method"].ShouldBe("re-seed");

        string.Join(", ", stopped.Orders).ShouldBe(orders);
    }

    private static async Task<IReadOnlyDictionary<string, string>> RejoinAsync(StubbornStandby standby, string? problem)
    {
        var estates = new EstateCache(new Estates(FakeDatabases.Create(["orders"]).Estate), TimeProvider.System);
        var worker = new RejoinWorker(new NodeAgents(estates, standby), estates, new Probes(problem));
        var order = new RejoinOrder
        {
            Key = "key", Cluster = new ClusterId("orders"), Member = "west", Command = AgentCommand.Of("rejoin", 3), Upstream = UpstreamServer.At("east", "127.0.0.1", 10_000),
        };
        return await worker.DoAsync(order, _ => { }, Cancellation);
    }

    private sealed class Estates(EstateDocument estate) : AppliedEstates(null!)
    {
        public override Task<EstateDocument> CurrentAsync(CancellationToken cancellationToken) => Task.FromResult(estate);
    }

    private sealed class Probes(string? problem) : IPrimaryProbeFactory, IPrimaryProbe
    {
        public IPrimaryProbe Create(PostgresServer server) => this;

        public Task<string?> AskAsync(TimeSpan limit, CancellationToken cancellationToken) => Task.FromResult(problem);

        public ValueTask DisposeAsync() => default;
    }

    /// <summary>A fake of an agent whose server streams only after a new copy.</summary>
    private sealed class StubbornStandby : INodeAgent, INodeAgentFactory
    {
        public bool Refuses { get; init; }

        public MemberStatus Status { get; init; } = new() { Role = MemberRole.Standby, Epoch = 3, IsFenced = false };

        public List<string> Orders { get; } = [];

        public bool IsProcessRunning => true;

        public bool MayWrite => false;

        public bool HasLapsed => false;

        public INodeAgent Create(PostgresServer server, NodeDefinition node, PostgreSqlMember member) => this;

        public Task<MemberStatus> StatusAsync(CancellationToken cancellationToken) => Task.FromResult(Status);

        public Task<AgentReply> RepointAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) =>
            Refuses ? Note("repoint", command, obeyed: false) : Fail("repoint");

        public Task<AgentReply> RewindAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => Fail("rewind");

        public Task<AgentReply> ReseedAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken) => Note("re-seed", command, obeyed: true);

        public Task<AgentReply> FenceAsync(AgentCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> UnfenceAsync(AgentCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> PromiseAsync(AgentCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> StopAsync(AgentCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> StartAsync(AgentCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CheckpointAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> PromoteAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> ProveWriteAsync(AgentCommand command, bool waits, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> BringUpAsync(
            AgentCommand command, SiteRestore request, IBackupRepository repository, Action<string> report, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> SetAcknowledgingAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> GrantLeaseAsync(AgentCommand command, string holder, TimeSpan length, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task LapseAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task GuardAsync(long? until, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AgentReply> ResumeAsync(AgentCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        private Task<AgentReply> Note(string order, AgentCommand command, bool obeyed)
        {
            Orders.Add(order);
            return Task.FromResult(new AgentReply { Obeyed = obeyed, Epoch = command.Epoch, Reason = obeyed ? null : "epoch 3 is over" });
        }

        private Task<AgentReply> Fail(string order)
        {
            Orders.Add(order);
            throw new DrMeshException(DrMeshError.ServerUnwilling, "after 30 s it does not stream", "look at the server's log");
        }
    }
}
