using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;

namespace DrMesh.Grains.Tests.ControlStore;

/// <summary>Orleans' membership table, through Orleans' own provider, on a real PostgreSQL.</summary>
public sealed class MembershipConformanceTests(ControlStoreFixture fixture)
{
    private static readonly DateTime Started = new(2026, 11, 24, 8, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Initialize_Twice_VersionStaysZero()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);

        await providers.Membership.InitializeMembershipTableAsync(true, Cancellation);

        var table = await providers.Membership.ReadAllAsync(Cancellation);
        table.Version.Version.ShouldBe(0);
        table.Members.ShouldBeEmpty();
        (await database.ScalarAsync<long>("select count(*) from OrleansMembershipVersionTable")).ShouldBe(1);
    }

    [Fact]
    public async Task InsertRow_NewSilo_IsReadBackWhole()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        var silo = Silo(1);

        (await InsertAsync(providers.Membership, silo)).ShouldBeTrue();

        var (read, _) = (await providers.Membership.ReadRowAsync(silo.SiloAddress, Cancellation)).Members.ShouldHaveSingleItem();
        read.SiloAddress.ShouldBe(silo.SiloAddress);
        read.SiloName.ShouldBe(silo.SiloName);
        read.HostName.ShouldBe(silo.HostName);
        read.Status.ShouldBe(SiloStatus.Joining);
        read.ProxyPort.ShouldBe(30001);
        read.StartTime.ShouldBe(Started);
        read.IAmAliveTime.ShouldBe(Started);
        (await providers.Membership.ReadAllAsync(Cancellation)).Version.Version.ShouldBe(1);
    }

    [Fact]
    public async Task InsertRow_SameSiloAgain_IsRefusedAndTheVersionStays()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        await InsertAsync(providers.Membership, Silo(1));

        (await InsertAsync(providers.Membership, Silo(1))).ShouldBeFalse();

        (await providers.Membership.ReadAllAsync(Cancellation)).Version.Version.ShouldBe(1);
    }

    [Fact]
    public async Task InsertRow_StaleVersion_LeavesNothing()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        var stale = (await providers.Membership.ReadAllAsync(Cancellation)).Version.Next();
        await InsertAsync(providers.Membership, Silo(1));

        (await providers.Membership.InsertRowAsync(Silo(2), stale, Cancellation)).ShouldBeFalse();

        var table = await providers.Membership.ReadAllAsync(Cancellation);
        table.Version.Version.ShouldBe(1);
        table.Members.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task InsertRow_ManyAtOnceOnOneVersion_OneWinsEachRound()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        for (var round = 0; round < 10; round++)
        {
            var version = (await providers.Membership.ReadAllAsync(Cancellation)).Version.Next();

            var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
                Task.Run(() => providers.Membership.InsertRowAsync(Silo((round * 8) + i), version, Cancellation))));

            won.Count(success => success).ShouldBe(1);
        }

        var table = await providers.Membership.ReadAllAsync(Cancellation);
        table.Version.Version.ShouldBe(10);
        table.Members.Count.ShouldBe(10);
    }

    [Fact]
    public async Task UpdateRow_CurrentThenStale_FirstWinsAndRaisesTheVersionByOne()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        var silo = Silo(1);
        await InsertAsync(providers.Membership, silo);
        var table = await providers.Membership.ReadAllAsync(Cancellation);
        var next = table.Version.Next();
        silo.Status = SiloStatus.Active;
        silo.SuspectTimes = [Tuple.Create(Silo(2).SiloAddress, Started)];

        (await providers.Membership.UpdateRowAsync(silo, table.Members[0].Item2, next, Cancellation)).ShouldBeTrue();
        silo.Status = SiloStatus.Dead;
        (await providers.Membership.UpdateRowAsync(silo, table.Members[0].Item2, next, Cancellation)).ShouldBeFalse();

        var after = await providers.Membership.ReadAllAsync(Cancellation);
        after.Version.Version.ShouldBe(2);
        after.Members[0].Item1.Status.ShouldBe(SiloStatus.Active);
        after.Members[0].Item1.SuspectTimes.ShouldHaveSingleItem().Item1.ShouldBe(Silo(2).SiloAddress);
    }

    [Fact]
    public async Task UpdateRow_SiloThatIsNotThere_LeavesTheVersion()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        await InsertAsync(providers.Membership, Silo(1));
        var table = await providers.Membership.ReadAllAsync(Cancellation);

        (await providers.Membership.UpdateRowAsync(Silo(2), "1", table.Version.Next(), Cancellation)).ShouldBeFalse();

        (await providers.Membership.ReadAllAsync(Cancellation)).Version.Version.ShouldBe(1);
    }

    [Fact]
    public async Task UpdateIAmAlive_ChangesOnlyTheTime()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        var silo = Silo(1);
        await InsertAsync(providers.Membership, silo);

        silo.IAmAliveTime = Started.AddMinutes(5);
        await providers.Membership.UpdateIAmAliveAsync(silo, Cancellation);

        var table = await providers.Membership.ReadAllAsync(Cancellation);
        table.Members[0].Item1.IAmAliveTime.ShouldBe(Started.AddMinutes(5));
        table.Version.Version.ShouldBe(1);
    }

    [Fact]
    public async Task ReadRow_SiloThatIsNotThere_StillTellsTheVersion()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        await InsertAsync(providers.Membership, Silo(1));

        var table = await providers.Membership.ReadRowAsync(Silo(9).SiloAddress, Cancellation);

        table.Members.ShouldBeEmpty();
        table.Version.Version.ShouldBe(1);
    }

    [Fact]
    public async Task CleanupDefunct_OldRows_RemovesAllButTheActive()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        SiloStatus[] statuses = [SiloStatus.Active, SiloStatus.Dead, SiloStatus.Joining, SiloStatus.ShuttingDown];
        foreach (var (status, i) in statuses.Select((status, i) => (status, i)))
        {
            var silo = Silo(i);
            silo.Status = status;
            await InsertAsync(providers.Membership, silo);
        }

        var recent = Silo(9);
        recent.Status = SiloStatus.Dead;
        recent.IAmAliveTime = Started.AddHours(2);
        await InsertAsync(providers.Membership, recent);

        await providers.Membership.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Started.AddHours(1)), Cancellation);

        (await providers.Membership.ReadAllAsync(Cancellation)).Members.Select(member => member.Item1.SiloName).ShouldBe(["silo0", "silo9"], ignoreOrder: true);
    }

    [Fact]
    public async Task DeleteEntries_OneCluster_LeavesTheOther()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        await InsertAsync(providers.Membership, Silo(1));
        await database.ExecuteAsync("insert into OrleansMembershipVersionTable (DeploymentId) values ('other')");

        await providers.Membership.DeleteMembershipTableEntriesAsync("mesh", Cancellation);

        (await database.ScalarAsync<long>("select count(*) from OrleansMembershipTable")).ShouldBe(0);
        (await database.ScalarAsync<string>("select string_agg(DeploymentId, ',') from OrleansMembershipVersionTable")).ShouldBe("other");
    }

    [Fact]
    public async Task Gateways_AreTheActiveSilosWithAGatewayPort()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        foreach (var (status, port, i) in new[] { (SiloStatus.Active, 30001, 1), (SiloStatus.Active, 0, 2), (SiloStatus.Dead, 30003, 3) })
        {
            var silo = Silo(i);
            silo.Status = status;
            silo.ProxyPort = port;
            await InsertAsync(providers.Membership, silo);
        }

        using var client = new HostBuilder().UseOrleansClient(orleans => orleans
            .Configure<ClusterOptions>(options =>
            {
                options.ClusterId = "mesh";
                options.ServiceId = "drmesh";
            })
            .UseAdoNetClustering(options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = database.ConnectionString;
            })).Build();
        var gateways = client.Services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProviderAsync(Cancellation);

        (await gateways.GetGatewaysAsync(Cancellation)).ShouldHaveSingleItem().ToString().ShouldContain(":30001/");
    }

    private static async Task<bool> InsertAsync(IMembershipTable table, MembershipEntry silo) =>
        await table.InsertRowAsync(silo, (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation);

    private static MembershipEntry Silo(int number) => new()
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11000 + number), 7),
        SiloName = $"silo{number}",
        HostName = "host",
        Status = SiloStatus.Joining,
        ProxyPort = 30000 + number,
        StartTime = Started,
        IAmAliveTime = Started,
    };
}
