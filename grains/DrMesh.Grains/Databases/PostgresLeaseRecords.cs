using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;
using DrMesh.Grains.ControlStore;
using Npgsql;

namespace DrMesh.Grains.Databases;

/// <summary>The leases of clusters in the control store (<c>drmesh.cluster_lease</c>).</summary>
internal sealed class PostgresLeaseRecords(ControlStoreDatabase store) : ILeaseRecords
{
    public Task<ClusterLease?> FindAsync(ClusterId cluster, CancellationToken cancellationToken) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand("select epoch, holder, voters, length from drmesh.cluster_lease where cluster = $1", connection)
            {
                Parameters = { new() { Value = cluster.Value } },
            };
            await using var row = await command.ExecuteReaderAsync(cancel);
            return await row.ReadAsync(cancel)
                ? new ClusterLease
                {
                    Cluster = cluster, Epoch = row.GetInt64(0), Holder = row.GetString(1), Voters = [.. row.GetFieldValue<string[]>(2)], Length = row.GetTimeSpan(3),
                }
                : null;
        },
        cancellationToken);

    public async Task<bool> TryRenewAsync(ClusterLease lease, long recordVersion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        // The share lock orders renewals and changes of the record: whoever raised the epoch reads the last renewal there can be.
        const string renew = """
            with leads as (select from drmesh.cluster where cluster = $1 and version = $2 and epoch = $3 for share)
            insert into drmesh.cluster_lease (cluster, epoch, holder, voters, length) select $1, $3, $4, $5, $6 from leads
            on conflict (cluster) do update set epoch = excluded.epoch, holder = excluded.holder, voters = excluded.voters, length = excluded.length, renewed_at = clock_timestamp()
            """;
        NpgsqlParameter[] values =
        [
            new() { Value = lease.Cluster.Value }, new() { Value = recordVersion }, new() { Value = lease.Epoch }, new() { Value = lease.Holder },
            new() { Value = lease.Voters.ToArray() }, new() { Value = lease.Length },
        ];
        return await store.ExecuteAsync(renew, values, cancellationToken) == 1;
    }
}
