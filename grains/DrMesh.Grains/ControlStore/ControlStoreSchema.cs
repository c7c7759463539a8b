using DrMesh.Contracts.Errors;
using Npgsql;

namespace DrMesh.Grains.ControlStore;

/// <summary>Whether the control store's schema is the one this program was built for.</summary>
internal sealed class ControlStoreSchema(ControlStoreDatabase store)
{
    /// <summary>The version found; 0 when the database has no DrMesh schema.</summary>
    public Task<int> ReadVersionAsync(CancellationToken cancellationToken = default) =>
        store.RunAsync(ReadVersionAsync, cancellationToken);

    /// <summary>Returns when the schema is this program's. A silo calls this before it joins.</summary>
    /// <exception cref="DrMeshException">Older, newer, unreachable or refused.</exception>
    public async Task EnsureCurrentAsync(CancellationToken cancellationToken = default)
    {
        var found = await ReadVersionAsync(cancellationToken);
        EnsureNotNewer(found, store.Options);
        if (found < ControlStoreMigrations.Latest)
        {
            throw new DrMeshException(
                DrMeshError.ControlStoreSchemaOlder,
                found == 0
                    ? $"control store {store.Options.Describe()} has no DrMesh schema; this program needs version {ControlStoreMigrations.Latest}"
                    : $"control store {store.Options.Describe()} has schema version {found}; this program needs {ControlStoreMigrations.Latest}",
                "run: drmesh store init");
        }
    }

    internal static void EnsureNotNewer(int found, ControlStoreOptions options)
    {
        if (found > ControlStoreMigrations.Latest)
        {
            throw new DrMeshException(
                DrMeshError.ControlStoreSchemaNewer,
                $"control store {options.Describe()} has schema version {found}; this program knows versions up to {ControlStoreMigrations.Latest}",
                "update this program to the version the other silos run; nothing was changed");
        }
    }

    internal static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("select coalesce(max(version), 0) from drmesh.schema_version", connection);
            return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return 0;
        }
    }
}
