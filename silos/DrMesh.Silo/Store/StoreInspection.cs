using DrMesh.Grains.ControlStore;
using Npgsql;

namespace DrMesh.Silo.Store;

/// <summary>Asks a control store about itself: each host for its role, the primary for the rest.</summary>
internal static class StoreInspection
{
    public static async Task<StoreStatus> InspectAsync(ControlStoreDatabase store, CancellationToken cancellationToken)
    {
        var hosts = await Task.WhenAll(store.Options.BuildHostStrings().Select(host => AskAsync(host, cancellationToken)));
        var status = new StoreStatus
        {
            Store = store.Options.Describe(), NeededVersion = ControlStoreMigrations.Latest, Hosts = hosts,
        };
        if (!hosts.Any(host => host.Role == "primary"))
        {
            return status;
        }

        return await store.RunAsync(
            async (connection, cancel) => status with
            {
                SchemaVersion = await ControlStoreSchema.ReadVersionAsync(connection, cancel),
                SizeBytes = await ScalarAsync(connection, "select pg_database_size(current_database())", cancel),
                Rows = await CountRowsAsync(connection, cancel),
            },
            cancellationToken);
    }

    private static async Task<StoreHostStatus> AskAsync(NpgsqlConnectionStringBuilder host, CancellationToken cancellationToken)
    {
        var name = $"{host.Host}:{host.Port}";
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(host.ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select pg_is_in_recovery()", connection);
            var isStandby = (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
            return new StoreHostStatus { Host = name, Role = isStandby ? "standby" : "primary", ServerVersion = connection.PostgreSqlVersion.ToString() };
        }
        catch (Exception failure) when (ControlStoreErrors.IsUnreachable(failure) || failure is PostgresException)
        {
            return new StoreHostStatus { Host = name, Role = "unreachable", Error = ControlStoreErrors.Innermost(failure) };
        }
    }

    private static async Task<IReadOnlyDictionary<string, long>> CountRowsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<string> tables = [];
        await using (var command = new NpgsqlCommand(
            """
            select format('%I.%I', schemaname, tablename) from pg_tables
            where schemaname = 'drmesh' or (schemaname = 'public' and tablename like 'orleans%')
            order by 1
            """,
            connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                tables.Add(reader.GetString(0));
            }
        }

        var rows = new Dictionary<string, long>();
        foreach (var table in tables)
        {
            rows[table] = await ScalarAsync(connection, $"select count(*) from {table}", cancellationToken);
        }

        return rows;
    }

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
