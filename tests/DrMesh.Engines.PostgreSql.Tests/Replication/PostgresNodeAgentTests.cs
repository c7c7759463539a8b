using System.Collections.Concurrent;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Replication;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Tests.Replication;

public sealed class PostgresNodeAgentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AgentHost.PgCtl)]
    [InlineData(AgentHost.Patroni)]
    public async Task S2_PrimaryKilledUnderLoad_NoAcknowledgedRowIsLost_AndItComesBackByRewind(AgentHost host)
    {
        await using var set = await ReplicatedSet.StartAsync(host);
        await set.Servers[0].ExecuteAsync("create table rows(i bigint primary key)");
        await set.Servers[0].ExecuteAsync("select pg_create_physical_replication_slot('drmesh_wal', true)");
        var quorum = AcknowledgingSet.Of(1, ["m1", "m2"]);
        (await set.Agents[0].SetAcknowledgingAsync(Under(1), quorum, Cancellation)).Obeyed.ShouldBeTrue();
        await Eventually.HoldsAsync(
            async () => (await set.Agents[0].StatusAsync(Cancellation)).Followers.Count(follower => follower.SyncState == "quorum") == 2, Patience, () => "no quorum", Cancellation);
        var acknowledged = new ConcurrentBag<long>();
        var writers = Enumerable.Range(0, 4).Select(writer => WriteUntilItFailsAsync(set.Servers[0].ConnectionString, writer, acknowledged)).ToArray();
        await Eventually.HoldsAsync(() => Task.FromResult(acknowledged.Count > 200), Patience, () => $"{acknowledged.Count} rows", Cancellation);

        await set.Servers[0].KillAsync();
        await Task.WhenAll(writers);
        var promises = new List<Promise>();
        foreach (var number in new[] { 1, 2 })
        {
            var reply = await set.Agents[number].PromiseAsync(Under(2), Cancellation);
            reply.Obeyed.ShouldBeTrue(reply.Reason);
            promises.Add(new Promise($"m{number}", reply.Epoch, reply.Timeline, reply.Lsn));
        }

        PromotionQuorum.Covers([quorum], [.. promises.Select(promise => promise.Member)]).ShouldBeTrue();
        var chosen = Candidate.Choose(promises, 2, ["m1", "m2"])!.Member == "m1" ? 1 : 2;
        (await set.Agents[chosen].PromoteAsync(Under(2), AcknowledgingSet.Nobody, Cancellation)).Obeyed.ShouldBeTrue();
        (await set.Agents[chosen].PromoteAsync(Under(2), AcknowledgingSet.Nobody, Cancellation)).Detail.ShouldBe("is primary already", "an order may come twice");
        (await set.Agents[3 - chosen].RepointAsync(Under(2), set.At(chosen), Cancellation)).Obeyed.ShouldBeTrue();

        var kept = await ReadRowsAsync(set.Servers[chosen].ConnectionString);
        acknowledged.Except(kept).ShouldBeEmpty();

        // The killed one has a row nobody else has: it comes back as a standby without it, and with its WAL kept.
        await set.Servers[0].StartAsync();
        await set.Servers[0].ExecuteAsync("set synchronous_commit = local; insert into rows values (-1)");
        var alone = (await ReadRowsAsync(set.Servers[0].ConnectionString)).Except(kept).Count();
        (await set.Agents[0].RepointAsync(Under(2), set.At(chosen), Cancellation)).Reason!.ShouldContain("fence it first");
        (await set.Agents[0].FenceAsync(Under(2), Cancellation)).Obeyed.ShouldBeTrue();
        (await set.Agents[0].StartAsync(Under(2), Cancellation)).Reason!.ShouldContain("fenced");
        var rewound = await set.Agents[0].RewindAsync(Under(2), set.At(chosen), Cancellation);

        rewound.Detail!.ShouldContain("parted at");
        alone.ShouldBeGreaterThan(0);
        rewound.LostCommits!.Value.ShouldBeGreaterThanOrEqualTo(alone, "each row was a commit of its own");
        rewound.LostBytes!.Value.ShouldBeGreaterThan(alone * 34, "a commit record alone is that long");
        var status = await set.Agents[0].StatusAsync(Cancellation);
        (status.Role, status.IsFenced, status.Epoch).ShouldBe((MemberRole.Standby, false, 2L));
        status.Slots.ShouldBeEmpty("the archive reads from the new primary; the slot left here would keep WAL");
        await set.Servers[chosen].ExecuteAsync("insert into rows values (-2)");
        await Eventually.HoldsAsync(
            async () => (await ReadRowsAsync(set.Servers[0].ConnectionString)) is var rows && rows.Contains(-2) && !rows.Contains(-1), Patience, () => "it does not follow", Cancellation);
    }

    [Fact]
    public async Task Lapse_StopsAtOnceAndStaysSoOverRestarts_UntilItResumesOrFollows()
    {
        await using var set = await ReplicatedSet.StartAsync();
        set.Agents[0].MayWrite.ShouldBeTrue();
        set.Agents[1].MayWrite.ShouldBeFalse("a standby acknowledges nothing");

        await set.Agents[0].LapseAsync(Cancellation);

        set.Agents[0].MayWrite.ShouldBeFalse();
        set.RestartAgent(0);
        (set.Agents[0].HasLapsed, set.Agents[0].IsProcessRunning).ShouldBe((true, false));
        (await set.Agents[0].StatusAsync(Cancellation)).IsFenced.ShouldBeTrue();
        (await set.Agents[0].StartAsync(Under(1), Cancellation)).Reason!.ShouldContain("fenced");
        (await set.Agents[0].StopAsync(Under(1), Cancellation)).Reason!.ShouldContain("its lease ran out before it was stopped in order");

        (await set.Agents[0].ResumeAsync(Under(1), Cancellation)).Obeyed.ShouldBeTrue();
        set.Agents[0].MayWrite.ShouldBeTrue();
        await set.Servers[0].ExecuteAsync("create table rows(i bigint primary key)");

        await set.Agents[0].LapseAsync(Cancellation);
        (await set.Agents[0].FenceAsync(Under(2), Cancellation)).Obeyed.ShouldBeTrue();
        (await set.Agents[0].ResumeAsync(Under(2), Cancellation)).Reason!.ShouldContain("it is fenced");
        (await set.Agents[0].UnfenceAsync(Under(2), Cancellation)).Obeyed.ShouldBeTrue();
        (set.Agents[0].HasLapsed, set.Agents[0].MayWrite).ShouldBe((false, true));
    }

    [Fact]
    public async Task Grant_Runs_NoPromiseIsMade_NotEvenByAnAgentThatWasRestarted()
    {
        await using var set = await ReplicatedSet.StartAsync();
        var length = TimeSpan.FromSeconds(3);
        (await set.Agents[1].GrantLeaseAsync(Under(1), "m0", length, Cancellation)).Obeyed.ShouldBeTrue();

        var refused = await set.Agents[1].PromiseAsync(Under(2), Cancellation);
        refused.Reason!.ShouldContain("granted m0 a lease");
        (await set.Agents[1].StatusAsync(Cancellation)).Epoch.ShouldBe(0, "a refusal stores nothing: the primary may renew");
        var restarted = System.Diagnostics.Stopwatch.StartNew();
        set.RestartAgent(1);
        await Eventually.HoldsAsync(async () => (await set.Agents[1].PromiseAsync(Under(2), Cancellation)).Obeyed, Patience, () => "it never promises", Cancellation);

        restarted.Elapsed.ShouldBeGreaterThan(length, "it cannot know when its grant ends");
        (await set.Agents[1].GrantLeaseAsync(Under(1), "m0", length, Cancellation)).Reason!.ShouldContain("epoch 1 is over");
        (await set.Agents[2].PromiseAsync(Under(2), Cancellation)).Obeyed.ShouldBeTrue("who granted nothing promises at once");
    }

    [Theory]
    [InlineData(AgentHost.PgCtl)]
    [InlineData(AgentHost.Patroni)]
    public async Task Promise_Kept_OldPrimaryIsLeftWithNobodyToAcknowledge(AgentHost host)
    {
        await using var set = await ReplicatedSet.StartAsync(host);
        await set.Servers[0].ExecuteAsync("create table rows(i bigint primary key)");
        await set.Agents[0].SetAcknowledgingAsync(Under(1), AcknowledgingSet.Of(1, ["m1", "m2"]), Cancellation);

        foreach (var number in new[] { 1, 2 })
        {
            (await set.Agents[number].PromiseAsync(Under(5), Cancellation)).Obeyed.ShouldBeTrue();
            set.RestartAgent(number);
            (await set.Agents[number].PromiseAsync(Under(4), Cancellation)).Reason!.ShouldContain("has seen 5");
            await set.Servers[number].StopAsync();
            await set.Servers[number].StartAsync();
        }

        // PostgreSQL answers a commit whose wait was cancelled with success and a warning: that is no acknowledgement.
        await using var connection = new NpgsqlConnection(set.Servers[0].ConnectionString);
        var warnings = new List<string>();
        connection.Notice += (_, notice) => warnings.Add(notice.Notice.MessageText);
        await connection.OpenAsync(Cancellation);
        await using var insert = new NpgsqlCommand("insert into rows values (1)", connection) { CommandTimeout = 3 };
        await insert.ExecuteNonQueryAsync(Cancellation);
        warnings.ShouldContain(warning => warning.Contains("canceling wait for synchronous replication", StringComparison.Ordinal));
        (await set.Agents[0].PromiseAsync(Under(5), Cancellation)).Reason!.ShouldContain("is a primary");
    }

    [Fact]
    public async Task Promise_WhileItWaitsToFollowADeadPrimary_IsNotKeptWaiting()
    {
        await using var set = await ReplicatedSet.StartAsync();
        await set.Servers[0].KillAsync();
        var following = set.Agents[1].RepointAsync(Under(1), set.At(0), Cancellation);
        await Eventually.HoldsAsync(async () => (await set.Agents[1].StatusAsync(Cancellation)).Epoch == 1, Patience, () => "the order did not begin", Cancellation);

        var promise = await set.Agents[1].PromiseAsync(Under(2), Cancellation).WaitAsync(Patience / 3, TimeProvider.System, Cancellation);

        promise.Obeyed.ShouldBeTrue(promise.Reason);
        (await following).Reason!.ShouldContain("an order under epoch 2 waits");
    }

    [Theory]
    [InlineData(AgentHost.PgCtl)]
    [InlineData(AgentHost.Patroni)]
    public async Task Switchover_OrderlyStop_TheNextHasEverything_AndReseedBringsTheOtherBack(AgentHost host)
    {
        await using var set = await ReplicatedSet.StartAsync(host);
        await set.Servers[0].ExecuteAsync("create table rows(i bigint primary key); insert into rows select generate_series(1, 5000)");

        var stopped = await set.Agents[0].StopAsync(Under(1), Cancellation);
        (await set.Agents[0].StatusAsync(Cancellation)).IsFenced.ShouldBeTrue("no person stopped it: who finds it so brings it back");
        var promise = await set.Agents[1].PromiseAsync(Under(1), Cancellation);
        promise.Lsn.ShouldBeGreaterThan(stopped.Lsn, "it has the shutdown checkpoint");
        (await set.Agents[1].PromoteAsync(Under(1), AcknowledgingSet.Nobody, Cancellation)).Obeyed.ShouldBeTrue();
        (await set.Agents[0].RepointAsync(Under(1), set.At(1), Cancellation)).Detail.ShouldBe("follows m1", "after an orderly stop nothing must be rewound");
        (await set.Agents[0].StatusAsync(Cancellation)).IsFenced.ShouldBeFalse("it follows");
        (await set.Agents[2].ReseedAsync(Under(1), set.At(1), Cancellation)).Detail!.ShouldContain("kept as");

        var leader = await set.Agents[1].StatusAsync(Cancellation);
        (leader.Role, leader.Timeline.Value).ShouldBe((MemberRole.Primary, 2u));
        leader.Followers.Select(follower => follower.Name).ShouldBe(["m0", "m2"]);
        (await ReadRowsAsync(set.Servers[2].ConnectionString)).Count.ShouldBe(5000);
    }

    [Fact]
    public async Task Promote_WithASetNobodyFollows_AcknowledgesNothing()
    {
        await using var set = await ReplicatedSet.StartAsync();
        await set.Servers[0].Instance.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), Cancellation);
        (await set.Agents[1].PromiseAsync(Under(1), Cancellation)).Obeyed.ShouldBeTrue();

        (await set.Agents[1].PromoteAsync(Under(1), AcknowledgingSet.Of(1, ["m2"]), Cancellation)).Obeyed.ShouldBeTrue();

        // Nobody heard of the promotion yet: m2 still waits for m0. The order ends by itself, so that its agent hears the next one.
        var unproved = await Task.WhenAny(set.Agents[1].ProveWriteAsync(Under(1), waits: true, Cancellation)).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        (unproved.IsFaulted || !(await unproved).Obeyed).ShouldBeTrue();
        (await set.Agents[2].RepointAsync(Under(1), set.At(1), Cancellation)).Obeyed.ShouldBeTrue();
        (await set.Agents[1].ProveWriteAsync(Under(1), waits: true, Cancellation)).Detail.ShouldBe("wrote epoch 1");
        (await set.Agents[2].ProveWriteAsync(Under(1), waits: true, Cancellation)).Reason.ShouldBe("m2: it is a standby");
    }

    [Fact]
    public async Task Reseed_Fails_TheServerIsFencedNotStoppedByAPersonUntilOneSucceeds()
    {
        await using var set = await ReplicatedSet.StartAsync();

        await Should.ThrowAsync<DrMeshException>(() => set.Agents[1].ReseedAsync(Under(1), UpstreamServer.At("nobody", "127.0.0.1", LoopbackPort.Next()), Cancellation));

        (await set.Agents[1].StatusAsync(Cancellation)).IsFenced.ShouldBeTrue("whoever keeps the cluster brings a fenced one back, and leaves one alone that a person stopped");
        (await set.Agents[1].ReseedAsync(Under(1), set.At(0), Cancellation)).Obeyed.ShouldBeTrue();
        (await set.Agents[1].StatusAsync(Cancellation)).IsFenced.ShouldBeFalse();
    }

    [Fact]
    public async Task ForgetfulHost_UpstreamInAnotherFile_NoPromise_AndNothingIsBroughtUpFromTheRepository()
    {
        await using var primary = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["wal_keep_size"] = "256MB" });
        await using var standby = await PostgresServer.StartStandbyAsync(primary, "m1");
        using var agent = new PostgresNodeAgent(
            new NodeAgentOptions { Member = "m1", Instance = standby.Instance, ConnectionString = standby.ConnectionString, ReplicationUser = "postgres" },
            new FakeForgetfulHost(standby.Instance),
            TimeProvider.System);

        (await agent.PromiseAsync(Under(1), Cancellation)).Reason!.ShouldContain("a configuration file other than postgresql.auto.conf sets primary_conninfo");
        var site = new SiteRestore { Source = "orders", Backup = new BackupId("none"), MayRestore = true, Port = standby.Port };
        (await agent.BringUpAsync(Under(1), site, null!, _ => { }, Cancellation)).Reason!.ShouldContain("use strategy hot_standby");

        var file = Path.Combine(standby.DataDirectory, "postgresql.conf");
        await File.WriteAllLinesAsync(file, (await File.ReadAllLinesAsync(file, Cancellation)).Where(line => !line.StartsWith("primary_conninfo", StringComparison.Ordinal)), Cancellation);
        (await agent.PromiseAsync(Under(1), Cancellation)).Obeyed.ShouldBeTrue();
    }

    private static AgentCommand Under(long epoch) => AgentCommand.Of(Guid.NewGuid().ToString("N"), epoch);

    private static async Task WriteUntilItFailsAsync(string connectionString, int writer, ConcurrentBag<long> acknowledged)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            for (long row = writer; ; row += 4)
            {
                await using var insert = new NpgsqlCommand($"insert into rows values ({row})", connection);
                await insert.ExecuteNonQueryAsync();
                acknowledged.Add(row);
            }
        }
        catch (NpgsqlException)
        {
            // The primary was killed: what was not acknowledged does not count.
        }
    }

    private static async Task<HashSet<long>> ReadRowsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("select i from rows", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new HashSet<long>();
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add(reader.GetInt64(0));
        }

        return rows;
    }
}
