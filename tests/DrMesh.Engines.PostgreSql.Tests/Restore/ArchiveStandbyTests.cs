using System.Globalization;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.PostgreSql.Replication;
using DrMesh.Engines.PostgreSql.Tests.Wal;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;
using Npgsql;
using static DrMesh.Engines.PostgreSql.Tests.Backup.BackupFixture;

namespace DrMesh.Engines.PostgreSql.Tests.Restore;

/// <summary>A site that comes up from base backup and archive alone, brought further as more is archived, and promoted.</summary>
public sealed class ArchiveStandbyTests
{
    [Fact]
    public async Task BringUp_FromNothingThenFurtherThenPromoted_HasEveryArchivedRow()
    {
        var repository = new FakeRepository();
        await using var primary = await PostgresServer.StartNewAsync();
        await using var archiver = RunningArchiver.Start(primary, repository);
        await primary.ExecuteAsync("create table rows as select i from generate_series(1, 1000) i");
        await BackUpAsync(primary, repository, "base");
        await primary.ExecuteAsync("insert into rows select i from generate_series(1001, 3000) i");
        await archiver.CatchUpAsync(primary);
        await using var site = await Site.CreateAsync();

        (await site.Agent.BringUpAsync(Under(1), site.Request(mayRestore: false), repository, _ => { }, Token)).Reason!.ShouldContain("no copy");
        var up = await site.BringUpAsync(1, repository);
        up.Detail!.ShouldContain("restored base");
        up.ReplayedTo.ShouldNotBeNull();
        (await site.CountAsync()).ShouldBe(3000);
        var status = await site.Agent.StatusAsync(Token);
        (status.Role, status.Upstream, status.Lsn).ShouldBe((MemberRole.Standby, null, up.Lsn));

        // Only what is archived beyond the copy is replayed, over several segments: on a server that runs, and on one that was killed.
        foreach (var half in new[] { 30, 35 })
        {
            await primary.ExecuteAsync($"insert into rows select i from generate_series({half}01, {half + 5}00) i");
            await primary.ExecuteAsync("select pg_switch_wal()");
        }

        await archiver.CatchUpAsync(primary);
        (await site.BringUpSlowlyAsync(1, repository)).Detail!.ShouldStartWith("replayed the archive");
        (await site.CountAsync()).ShouldBe(4000);
        await site.Instance.KillAsync();
        await primary.ExecuteAsync("select pg_switch_wal()");
        await primary.ExecuteAsync("insert into rows select i from generate_series(4001, 5000) i");
        await archiver.CatchUpAsync(primary);
        (await site.BringUpAsync(1, repository)).Detail!.ShouldStartWith("replayed the archive");
        (await site.CountAsync()).ShouldBe(5000);
        (await site.BringUpAsync(1, repository)).Lsn.ShouldBe((await site.Agent.StatusAsync(Token)).Lsn, "with nothing new it stays as it is");

        await primary.KillAsync();
        var promise = await site.Agent.PromiseAsync(Under(2), Token);
        promise.Obeyed.ShouldBeTrue(promise.Reason);
        (await site.Agent.BringUpAsync(Under(1), site.Request(), repository, _ => { }, Token)).Reason!.ShouldContain("has seen 2");
        (await site.Agent.PromoteAsync(Under(2), AcknowledgingSet.Nobody, Token)).Obeyed.ShouldBeTrue();
        (await site.Agent.ProveWriteAsync(Under(2), waits: true, Token)).Obeyed.ShouldBeTrue();
        (await site.CountAsync()).ShouldBe(5000);
        (await site.Agent.BringUpAsync(Under(2), site.Request(), repository, _ => { }, Token)).Reason!.ShouldContain("it is a primary");

        // It led: what it has is kept before a backup takes its place.
        (await site.Agent.FenceAsync(Under(3), Token)).Obeyed.ShouldBeTrue();
        (await site.BringUpAsync(3, repository)).Detail!.ShouldContain("kept as");
        (await site.CountAsync()).ShouldBe(5000);
        File.Exists(Path.Combine(site.Instance.DataDirectory + ".aside-3", "PG_VERSION")).ShouldBeTrue();
        (await site.Agent.StatusAsync(Token)).IsFenced.ShouldBeFalse();
    }

    private static AgentCommand Under(long epoch) => AgentCommand.Of(string.Create(CultureInfo.InvariantCulture, $"test-{epoch}"), epoch);

    /// <summary>A machine with an agent and no database.</summary>
    private sealed class Site : IAsyncDisposable
    {
        private readonly TestDirectory _directory;
        private readonly int _port = LoopbackPort.Next();

        private Site(TestDirectory directory)
        {
            _directory = directory;
            Instance = new PostgresInstance(PostgresInstall.Find(), Path.Combine(directory.Path, "data"));
            Agent = new PostgresNodeAgent(
                new NodeAgentOptions { Member = "b", Instance = Instance, ConnectionString = ConnectionString, ReplicationUser = "postgres" }, new PgCtlHost(Instance), TimeProvider.System);
        }

        public PostgresInstance Instance { get; }

        public PostgresNodeAgent Agent { get; }

        private string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Pooling=false;Timeout=5";

        public static async Task<Site> CreateAsync() => new(await TestDirectory.CreateAsync(PostgresInstall.Find().User));

        public SiteRestore Request(bool mayRestore = true) => new()
        {
            Source = Cluster,
            Backup = new BackupId("base"),
            MayRestore = mayRestore,
            Port = _port,
            Settings = new Dictionary<string, string> { ["unix_socket_directories"] = _directory.Path },
        };

        public async Task<AgentReply> BringUpAsync(long epoch, FakeRepository repository)
        {
            var reply = await Agent.BringUpAsync(Under(epoch), Request(), repository, _ => { }, Token);
            reply.Obeyed.ShouldBeTrue(reply.Reason);
            return reply;
        }

        /// <summary>The same while the server replays nothing at first: everything is offered long before it is replayed.</summary>
        public async Task<AgentReply> BringUpSlowlyAsync(long epoch, FakeRepository repository)
        {
            await AskAsync("select pg_wal_replay_pause()");
            var looks = 0;
            var bringing = Agent.BringUpAsync(Under(epoch), Request(), repository, _ => Interlocked.Increment(ref looks), Token);
            await Eventually.HoldsAsync(
                () => Task.FromResult(bringing.IsCompleted || Volatile.Read(ref looks) > 20), TimeSpan.FromSeconds(60), () => $"looked {looks} times", Token);
            await AskAsync("select pg_wal_replay_resume()");
            return await bringing;
        }

        public async Task<long> CountAsync() => (long)(await AskAsync("select count(*) from rows"))!;

        private async Task<object?> AskAsync(string sql)
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync(Token);
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(Token);
        }

        public async ValueTask DisposeAsync()
        {
            Agent.Dispose();
            await Instance.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
            _directory.Dispose();
        }
    }
}
