using System.Text.Json;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.ControlStore;
using Npgsql;
using NpgsqlTypes;

namespace DrMesh.Grains.Databases;

/// <summary>The records of clusters in the control store (<c>drmesh.cluster</c>). One statement a call: it takes effect whole or not at all.</summary>
internal sealed class PostgresClusterRecords(ControlStoreDatabase store) : IClusterRecords
{
    public Task<ClusterRecord?> FindAsync(ClusterId cluster, CancellationToken cancellationToken) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand("select record from drmesh.cluster where cluster = $1", connection) { Parameters = { new() { Value = cluster.Value } } };
            return await command.ExecuteScalarAsync(cancel) is string found ? JsonSerializer.Deserialize<ClusterRecord>(found, StateJson.Options) : null;
        },
        cancellationToken);

    public Task<IReadOnlyList<ClusterRecord>> ListAsync(CancellationToken cancellationToken) => store.RunAsync<IReadOnlyList<ClusterRecord>>(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand("select record from drmesh.cluster", connection);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            var records = new List<ClusterRecord>();
            while (await rows.ReadAsync(cancel))
            {
                records.Add(JsonSerializer.Deserialize<ClusterRecord>(rows.GetString(0), StateJson.Options)!);
            }

            return records;
        },
        cancellationToken);

    public async Task<bool> TryStoreAsync(ClusterRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        const string first = "insert into drmesh.cluster (cluster, version, epoch, record) values ($1, $2, $3, $4) on conflict do nothing";
        const string next = "update drmesh.cluster set version = $2, epoch = $3, record = $4, changed_at = clock_timestamp() where cluster = $1 and version = $2 - 1";
        NpgsqlParameter[] values =
        [
            new() { Value = record.Cluster.Value }, new() { Value = record.Version }, new() { Value = record.Epoch },
            new() { Value = JsonSerializer.Serialize(record, StateJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb },
        ];
        return await store.ExecuteAsync(record.Version == 1 ? first : next, values, cancellationToken) == 1;
    }
}
