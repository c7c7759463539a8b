using DrMesh.Contracts.Errors;
using DrMesh.Grains.ControlStore;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;
using Npgsql;

namespace DrMesh.Grains.Tests.ControlStore;

/// <summary>
/// A primary cut off from its standbys: PostgreSQL calls a commit done when its wait is cancelled, and a silo that believed it would act on a
/// compare-and-set that a failover undoes.
/// </summary>
public sealed class UnconfirmedWriteTests : IAsyncLifetime
{
    private PostgresServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["synchronous_standby_names"] = "nobody" });
        await _server.ExecuteAsync("set synchronous_commit = local; create table t (i int)");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Statement_OutOfTimeInTheWait_IsNoSuccessForAnyUserOfTheString()
    {
        var options = new ControlStoreOptions { ConnectionString = $"{_server.ConnectionString};Command Timeout=1" };
        // As Orleans' providers use the string.
        await using var connection = new NpgsqlConnection(options.BuildConnectionString());
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("insert into t values (1)", connection);

        var failure = await Should.ThrowAsync<NpgsqlException>(() => command.ExecuteNonQueryAsync(Cancellation));

        failure.InnerException.ShouldBeOfType<TimeoutException>();
    }

    [Fact]
    public async Task Statement_CancelledInTheWaitByAnAdministrator_IsUnconfirmed()
    {
        await using var store = ControlStoreFixture.Connect(_server.ConnectionString);
        var writing = store.ExecuteAsync("insert into t values (2)", [], Cancellation);
        await Eventually.HoldsAsync(
            () => _server.ScalarAsync<bool>("select coalesce(bool_or(pg_cancel_backend(pid)), false) from pg_stat_activity where wait_event = 'SyncRep'"),
            TimeSpan.FromSeconds(30), () => "the write never waited for a standby", Cancellation);

        var failure = await Should.ThrowAsync<DrMeshException>(() => writing);

        failure.Code.ShouldBe(DrMeshError.ControlStoreUnreachable);
        failure.Message.ShouldContain("did not confirm a write: canceling wait for synchronous replication due to user request");
    }
}
