using DbUp.Engine;
using DbUp.Postgresql;
using DrMesh.Contracts.Errors;
using Npgsql;

namespace DrMesh.Grains.ControlStore;

/// <summary>
/// Brings the control store to this program's schema version. All missing migrations run in one transaction, so a failed one leaves
/// nothing behind; two migrators at once wait for each other under an advisory lock, and the second finds nothing to do.
/// </summary>
internal sealed class ControlStoreMigrator(ControlStoreDatabase store)
{
    /// <summary>Key of the advisory lock migrators hold: "drmesh" and a one, in bytes.</summary>
    private const long LockKey = 0x6472_6D65_7368_01;

    /// <summary>Applies what is missing; returns what was applied, oldest first, empty when there was nothing to do.</summary>
    /// <exception cref="DrMeshException">The store is newer, unreachable, or refuses.</exception>
    public Task<MigrationResult> MigrateAsync(CancellationToken cancellationToken = default) =>
        store.RunAsync(MigrateAsync, cancellationToken);

    private async Task<MigrationResult> MigrateAsync(NpgsqlConnection locking, CancellationToken cancellationToken)
    {
        // Waiting for another migrator has no limit of its own; the caller's token ends it.
        await using var take = new NpgsqlCommand("select pg_advisory_lock($1)", locking) { Parameters = { new() { Value = LockKey } }, CommandTimeout = 0 };
        await take.ExecuteNonQueryAsync(cancellationToken);
        try
        {
            var found = await ControlStoreSchema.ReadVersionAsync(locking, cancellationToken);
            ControlStoreSchema.EnsureNotNewer(found, store.Options);
            if (found == ControlStoreMigrations.Latest)
            {
                return new MigrationResult(found, found, []);
            }

            var primary = await store.Primary.LookAgainAsync(cancellationToken);
            return await Task.Run(() => Upgrade(found, primary), cancellationToken);
        }
        finally
        {
            await using var release = new NpgsqlCommand("select pg_advisory_unlock($1)", locking) { Parameters = { new() { Value = LockKey } } };
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private MigrationResult Upgrade(int found, NpgsqlDataSource primary)
    {
        var connections = new PostgresqlConnectionManager(primary);
        var builder = PostgresqlExtensions.PostgresqlDatabase(connections)
            .WithScripts(ControlStoreMigrations.Scripts)
            .WithTransaction()
            .WithVariablesDisabled()
            .LogToNowhere();
        builder.Configure(configuration => configuration.Journal = new ControlStoreJournal(() => configuration.ConnectionManager));
        DatabaseUpgradeResult result = builder.Build().PerformUpgrade();
        if (result.Successful)
        {
            return new MigrationResult(found, ControlStoreMigrations.Latest, [.. result.Scripts.Select(script => script.Name)]);
        }

        throw ControlStoreErrors.Translate(result.Error, store.Options) ?? new DrMeshException(
            DrMeshError.ControlStoreMigrationFailed,
            $"migration {result.ErrorScript?.Name} of control store {store.Options.Describe()} failed: {result.Error.Message}",
            "nothing was changed; the database must be empty or DrMesh's own, and the user its owner",
            result.Error);
    }
}
