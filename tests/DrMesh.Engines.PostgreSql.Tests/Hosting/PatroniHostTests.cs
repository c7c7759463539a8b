using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Hosting.Patroni;
using DrMesh.Engines.PostgreSql.Replication;
using DrMesh.TestKit;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Hosting;

/// <summary>Real servers, each beside a real Patroni. What agents do with them in a failover and a switchover is in <c>PostgresNodeAgentTests</c>.</summary>
public sealed class PatroniHostTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Patroni_DoesWhatAHostMust_AndIsToldFromAnothers()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var patroni = await PatroniServer.StartNewAsync(fixture.Etcd, server, "a", "conformance");
        using var host = HostOf(server, patroni);

        await DatabaseHostConformance.StopsAndStartsAsync(host, server, ShutdownMode.Fast, Cancellation);
        await patroni.UntilAsync("primary", answer => answer.StartsWith("200", StringComparison.Ordinal));
        await DatabaseHostConformance.LeavesAStoppedServerAloneAsync(host, Cancellation);
        using var stranger = new PatroniHost(server.Instance, new PatroniOptions { Url = patroni.Url, ServerPort = server.Port }, TimeProvider.System);
        var refused = await Should.ThrowAsync<DrMeshException>(() => stranger.StartAsync(Cancellation));
        refused.Message.ShouldContain("does not let a caller without a user start the server: 401");
        refused.Hint.ShouldContain("patroniUser");
        await host.StartAsync(Cancellation);
        await DatabaseHostConformance.StartsAsTheDirectorySaysAsync(host, server, Cancellation);

        // A file that Patroni does not clear names a primary; and Patroni's server is another's.
        var own = Path.Combine(server.DataDirectory, "postgresql.base.conf");
        var before = await File.ReadAllTextAsync(own, Cancellation);
        await File.AppendAllTextAsync(own, "primary_conninfo = 'host=127.0.0.1 port=1'\n", Cancellation);
        (await host.ObjectionAsync(Cancellation))!.ShouldContain("postgresql.base.conf sets primary_conninfo");
        await File.WriteAllTextAsync(own, before, Cancellation);
        (await host.ObjectionAsync(Cancellation)).ShouldBeNull();
        await using var other = await PostgresServer.StartNewAsync();
        using var mistaken = HostOf(other, patroni);
        (await mistaken.ObjectionAsync(Cancellation))!.ShouldContain("speaks for another server");

        await using var second = await PatroniServer.StartNewAsync(fixture.Etcd, other, "b", "conformance");
        (await host.ObjectionAsync(Cancellation))!.ShouldContain("has the members a, b, and Patroni lets members follow their leader whatever they promised");
    }

    [Fact]
    public async Task S1_Fence_HoldsThoughPatroniIsKilledAndStarted_AndThoughSomebodyResumesIt()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var patroni = await PatroniServer.StartNewAsync(fixture.Etcd, server, "a", "fenced");
        using var agent = new PostgresNodeAgent(
            new NodeAgentOptions { Member = "m0", Instance = server.Instance, ConnectionString = server.ConnectionString, ReplicationUser = "postgres" }, HostOf(server, patroni), TimeProvider.System);
        await patroni.UntilAsync("primary", answer => answer.StartsWith("200", StringComparison.Ordinal));

        var fenced = await agent.FenceAsync(Under(2), Cancellation);

        fenced.Obeyed.ShouldBeTrue(fenced.Reason);
        await patroni.KillAsync();
        (await agent.UnfenceAsync(Under(2), Cancellation)).Reason!.ShouldContain("does not answer", Case.Sensitive, "nobody could start it");
        (await agent.FenceAsync(Under(2), Cancellation)).Reason!.ShouldContain("it is stopped, and may not stay so: the REST API of Patroni at");
        patroni.Start();
        await patroni.UntilReadyAsync();
        await patroni.LookAsync(4);
        agent.IsProcessRunning.ShouldBeFalse("a paused Patroni leaves it down");
        (await agent.StartAsync(Under(2), Cancellation)).Reason!.ShouldContain("it is fenced");
        (await agent.UnfenceAsync(Under(1), Cancellation)).Reason!.ShouldContain("epoch 1 is over");

        await patroni.PatchAsync("""{"pause": null}""");
        await Eventually.HoldsAsync(() => Task.FromResult(agent.IsProcessRunning), Patience, () => "the resumed Patroni does not start it", Cancellation);
        await patroni.LookAsync(5);
        await Eventually.HoldsAsync(
            async () => (await agent.StatusAsync(Cancellation)) is { Role: MemberRole.Standby, Upstream: null, HostProblem: { } problem } && problem.Contains("not in maintenance mode", StringComparison.Ordinal),
            Patience, () => "it is no standby that follows nobody, or its problem is not told", Cancellation);
        (await agent.UnfenceAsync(Under(2), Cancellation)).Reason!.ShouldContain("not in maintenance mode");
        (await agent.PromiseAsync(Under(3), Cancellation)).Reason!.ShouldContain("patronictl pause fenced");

        await patroni.PatchAsync("""{"pause": true}""");
        await patroni.UntilReadyAsync();
        await Eventually.HoldsAsync(async () => (await agent.PromiseAsync(Under(3), Cancellation)).Obeyed, Patience, () => "it does not promise", Cancellation);
    }

    [Fact]
    public async Task StaysDown_PatroniRewindsByItsOwnFile_IsNoticed()
    {
        await using var primary = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["wal_log_hints"] = "on" });
        await using var standby = await PostgresServers.StartStandbyAsync(primary);
        await using var patroni = await PatroniServer.StartNewAsync(fixture.Etcd, standby, "a", "rewinds", rewinds: true);
        using var host = HostOf(standby, patroni);
        (await host.ObjectionAsync(Cancellation)).ShouldBeNull("its API does not show it");
        await patroni.LookAsync(2);

        await host.StopAsync(ShutdownMode.Fast, Cancellation);
        var noticed = await Should.ThrowAsync<DrMeshException>(() => host.StaysDownAsync(Cancellation));

        noticed.Message.ShouldBe($"the Patroni at {patroni.Url} started the server again although it is paused");
        noticed.Hint.ShouldContain("use_pg_rewind: false");
    }

    [Fact]
    public async Task Https_CertificateIsVerified()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var patroni = await PatroniServer.StartNewAsync(fixture.Etcd, server, "a", "encrypted", isEncrypted: true);
        using var host = HostOf(server, patroni);
        using var trusting = new PatroniHost(server.Instance, new PatroniOptions { Url = patroni.Url, ServerPort = server.Port, User = patroni.Credentials }, TimeProvider.System);

        await DatabaseHostConformance.StopsAndStartsAsync(host, server, ShutdownMode.Fast, Cancellation);

        (await host.ObjectionAsync(Cancellation)).ShouldBeNull();
        (await trusting.ObjectionAsync(Cancellation))!.ShouldContain("put the authority that signed its certificate into tlsAuthorityFile", Case.Sensitive, "the machine's own authorities do not know it");
    }

    [Theory]
    [InlineData(200, "{}", "is not Patroni's: ")]
    [InlineData(503, "no", "answers /patroni with 503; look at Patroni's log")]
    [InlineData(0, "", "does not answer: Connection refused")]
    public async Task Objection_ApiThatFails_IsOneSentenceWithTheNextStep(int status, string body, string says)
    {
        await using var fake = new HttpAnswerer(async request =>
        {
            request.Response.StatusCode = status;
            await request.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body), Cancellation);
            request.Response.Close();
        });
        using var directory = await TestDirectory.CreateAsync();
        using var host = new PatroniHost(
            new PostgresInstance(PostgresInstall.Find(), Path.Combine(directory.Path, "data")), new PatroniOptions { Url = fake.Url, ServerPort = 5432, Patience = TimeSpan.FromSeconds(1) }, TimeProvider.System);

        if (status == 0)
        {
            await fake.DisposeAsync();
        }

        var objection = await host.ObjectionAsync(Cancellation);

        objection.ShouldNotBeNull().ShouldStartWith($"the REST API of Patroni at {fake.Url} ");
        objection.ShouldContain(says);
        host.ObjectionLately().ShouldBe(objection);
        (await Should.ThrowAsync<DrMeshException>(() => host.StartAsync(Cancellation))).Code.ShouldBe(DrMeshError.ServerHostFailed);
    }

    private static PatroniHost HostOf(PostgresServer server, PatroniServer patroni) =>
        new(server.Instance, new PatroniOptions { Url = patroni.Url, ServerPort = server.Port, User = patroni.Credentials, AuthorityFile = patroni.Authority }, TimeProvider.System);

    private static AgentCommand Under(long epoch) => AgentCommand.Of(Guid.NewGuid().ToString("N"), epoch);
}
