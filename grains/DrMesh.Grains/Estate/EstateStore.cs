using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Grains.ControlStore;
using Npgsql;
using NpgsqlTypes;

namespace DrMesh.Grains.Estate;

/// <summary>The versions of the estate in the control store. The primary key of the version is the compare-and-set.</summary>
internal sealed class EstateStore(ControlStoreDatabase store)
{
    /// <summary>The highest version; 0 when nothing was ever applied.</summary>
    public Task<long> ReadVersionAsync(CancellationToken cancellationToken) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand("select coalesce(max(version), 0) from drmesh.estate_version", connection);
            return (long)(await command.ExecuteScalarAsync(cancel))!;
        },
        cancellationToken);

    /// <summary>The version with the highest number not above <paramref name="upTo"/>; null when there is none.</summary>
    public Task<StoredEstate?> ReadAsync(long upTo, CancellationToken cancellationToken) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand(
                "select version, document from drmesh.estate_version where version <= $1 order by version desc limit 1", connection)
            {
                Parameters = { new() { Value = upTo } },
            };
            await using var reader = await command.ExecuteReaderAsync(cancel);
            return await reader.ReadAsync(cancel) ? new StoredEstate(reader.GetInt64(0), reader.GetString(1)) : null;
        },
        cancellationToken);

    /// <summary>The version an operation applied; null when it applied none.</summary>
    public Task<long?> FindOperationAsync(Guid operation, CancellationToken cancellationToken) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand("select version from drmesh.estate_version where operation = $1", connection)
            {
                Parameters = { new() { Value = operation } },
            };
            return (long?)await command.ExecuteScalarAsync(cancel);
        },
        cancellationToken);

    /// <summary>Appends <paramref name="version"/> if the one before it is the highest; false when another applier was first. The hash is the document's SHA-256 in hexadecimal.</summary>
    public Task<bool> TryAppendAsync(
        long version, string document, string hash, string actor, string reason, Guid operation, CancellationToken cancellationToken) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand(
                """
                insert into drmesh.estate_version (version, document, sha256, applied_by, reason, operation)
                select $1, $2, $3, $4, $5, $6
                where coalesce((select max(version) from drmesh.estate_version), 0) = $1 - 1
                on conflict do nothing
                """,
                connection)
            {
                Parameters =
                {
                    new() { Value = version },
                    new() { Value = document, NpgsqlDbType = NpgsqlDbType.Json },
                    new() { Value = Convert.FromHexString(hash) },
                    new() { Value = actor },
                    new() { Value = reason },
                    new() { Value = operation },
                },
            };
            return await command.ExecuteNonQueryAsync(cancel) == 1;
        },
        cancellationToken);

    /// <summary>The last versions, newest first.</summary>
    public Task<ImmutableArray<EstateHistoryEntry>> ReadHistoryAsync(int limit, CancellationToken cancellationToken) => store.RunAsync(
        async (connection, cancel) =>
        {
            await using var command = new NpgsqlCommand(
                "select version, applied_at, applied_by, reason, encode(sha256, 'hex') from drmesh.estate_version order by version desc limit $1", connection)
            {
                Parameters = { new() { Value = limit } },
            };
            var history = ImmutableArray.CreateBuilder<EstateHistoryEntry>();
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                history.Add(new EstateHistoryEntry
                {
                    Version = reader.GetInt64(0),
                    AppliedAt = reader.GetFieldValue<DateTimeOffset>(1),
                    Actor = reader.GetString(2),
                    Reason = reader.GetString(3) is { Length: > 0 } reason ? reason : null,
                    Hash = reader.GetString(4),
                });
            }

            return history.ToImmutable();
        },
        cancellationToken);
}
