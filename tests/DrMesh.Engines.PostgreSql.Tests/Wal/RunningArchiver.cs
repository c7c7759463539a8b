using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql.Wal;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.PostgreSql.Tests.Wal;

/// <summary>An archiver at work; stopped on dispose.</summary>
internal sealed class RunningArchiver : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    private RunningArchiver(string connectionString, WalArchiveOptions options, FakeRepository repository, string? controlConnectionString = null)
    {
        Archiver = new WalArchiver(connectionString, options, repository, TimeProvider.System, controlConnectionString);
        Ended = Archiver.RunAsync(_stop.Token);
    }

    public WalArchiver Archiver { get; }

    public Task Ended { get; }

    public static RunningArchiver Start(PostgresServer server, FakeRepository repository, WalArchiveOptions? options = null) =>
        new(server.ConnectionString, options ?? new WalArchiveOptions { Cluster = "orders" }, repository);

    /// <summary>Streams as <paramref name="role"/>, which may do nothing but replicate.</summary>
    public static RunningArchiver StartAs(string role, PostgresServer server, FakeRepository repository, WalArchiveOptions options) =>
        new(new Npgsql.NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = role }.ConnectionString, options, repository, server.ConnectionString);

    /// <summary>Waits until every tier holds all the server has written by now.</summary>
    public async Task<TimeSpan> CatchUpAsync(PostgresServer server)
    {
        var written = DrMesh.Contracts.Databases.Lsn.Parse((await server.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text"))!);
        return await Eventually.HoldsAsync(
            () => Task.FromResult(Archiver.Status.Tiers.All(tier => tier.Position >= written) && Archiver.Status.Tiers.Length > 0),
            TimeSpan.FromSeconds(60),
            () => $"{written} is not archived: {Archiver.Status} {string.Join(", ", Archiver.Status.Tiers)}; {Ended.Exception?.Message}",
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
