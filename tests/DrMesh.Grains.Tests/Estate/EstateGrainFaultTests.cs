using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using DrMesh.TestKit.Servers;
using Npgsql;
using static DrMesh.Grains.Tests.Estate.EstateMesh;

namespace DrMesh.Grains.Tests.Estate;

/// <summary>The estate while a silo or the store dies.</summary>
public sealed class EstateGrainFaultTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private EstateMesh _mesh = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEstateGrain Grain => _mesh.Grain;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartNewAsync();
        _mesh = await EstateMesh.StartAsync(_server.ConnectionString, 2, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Apply_SiloDiesMeanwhile_RepeatedCallEndsAsOne(bool storeAppliesIt)
    {
        // The statement waits for a lock of ours, so the silo dies after it was sent and before its answer.
        await using var locking = new NpgsqlConnection(_server.ConnectionString);
        await locking.OpenAsync(Cancellation);
        await using var transaction = await locking.BeginTransactionAsync(Cancellation);
        await using (var command = new NpgsqlCommand("lock table drmesh.estate_version in exclusive mode", locking, transaction))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var request = Ask(Text(), 0);
        var call = Grain.Apply(request, Cancellation);
        await Eventually.HoldsAsync(
            async () => await _server.ScalarAsync<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into drmesh.estate_version%'") > 0,
            TimeSpan.FromSeconds(30), () => "the statement did not reach the store", Cancellation);
        var host = await _mesh.HostAsync();
        if (!storeAppliesIt)
        {
            await _server.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'");
        }

        await _mesh.Cluster.KillAndTellAsync(host, Cancellation);
        await transaction.RollbackAsync(Cancellation);
        await Should.ThrowAsync<Exception>(() => call);

        var repeated = await Grain.Apply(request, Cancellation);

        (repeated.Outcome, repeated.Version).ShouldBe((ApplyOutcome.Applied, 1));
        repeated.Changes.Select(change => change.Path).ShouldBe(["regions.eu", "regions.us"]);
        (await _server.ScalarAsync<long>("select count(*) from drmesh.estate_version")).ShouldBe(1);
    }

    [Fact]
    public async Task Current_StoreDownAndUp_SaysSoAndGoesOn()
    {
        await Grain.Apply(Ask(Text(), 0), Cancellation);
        await _server.StopAsync();

        (await Should.ThrowAsync<DrMeshException>(() => Grain.Current(Cancellation))).Code.ShouldBe(DrMeshError.ControlStoreUnreachable);
        (await Should.ThrowAsync<DrMeshException>(() => Grain.Apply(Ask(Text("10.2.0.9"), 1), Cancellation))).Code.ShouldBe(DrMeshError.ControlStoreUnreachable);

        await _server.StartAsync();
        (await Grain.Current(Cancellation)).Version.ShouldBe(1);
    }
}
