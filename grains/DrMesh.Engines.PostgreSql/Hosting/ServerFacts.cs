using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.PostgreSql;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>What a running server says of itself.</summary>
internal sealed record ServerFacts
{
    /// <summary>The oldest version whose backup functions are the ones DrMesh calls (<c>pg_backup_start</c>, <c>pg_backup_stop</c>).</summary>
    private const int OldestVersion = 150000;

    private const string Query = """
        select current_setting('server_version_num')::int, system_identifier, pg_is_in_recovery(),
               (select timeline_id from pg_control_checkpoint()),
               current_setting('data_directory'), current_setting('block_size')::int, current_setting('segment_size'),
               (select setting::int from pg_settings where name = 'wal_segment_size'),
               current_setting('data_checksums') = 'on', current_setting('full_page_writes') = 'on', current_setting('wal_level'),
               pg_postmaster_start_time(), (select setting::bigint from pg_settings where name = 'segment_size')
        from pg_control_system()
        """;

    public required int Version { get; init; }

    public required ulong SystemId { get; init; }

    public required bool IsStandby { get; init; }

    /// <summary>The timeline of the last checkpoint.</summary>
    public required TimelineId Timeline { get; init; }

    public required string DataDirectory { get; init; }

    /// <summary>Pages of a full relation segment.</summary>
    public required int SegmentPages { get; init; }

    public required WalSegmentSize WalSegmentSize { get; init; }

    public required bool HasChecksums { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Asks the server; refuses one that cannot be backed up.</summary>
    public static async Task<ServerFacts> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var version = row.GetInt32(0);
        if (version < OldestVersion)
        {
            throw Unfit(connection, $"is version {version / 10000}", "DrMesh backs up PostgreSQL 15 and later");
        }

        if (row.GetInt32(5) != Pages.PageFormat.Size)
        {
            throw Unfit(connection, $"was built with pages of {row.GetInt32(5)} bytes", $"DrMesh reads pages of {Pages.PageFormat.Size} bytes");
        }

        if (!row.GetBoolean(9) || row.GetString(10) == "minimal")
        {
            throw Unfit(
                connection,
                $"has full_page_writes {(row.GetBoolean(9) ? "on" : "off")} and wal_level {row.GetString(10)}",
                "a backup taken while it runs needs full_page_writes on and wal_level replica; set them and restart it");
        }

        return new ServerFacts
        {
            Version = version,
            SystemId = unchecked((ulong)row.GetInt64(1)),
            IsStandby = row.GetBoolean(2),
            Timeline = new TimelineId((uint)row.GetInt32(3)),
            DataDirectory = row.GetString(4),
            SegmentPages = (int)row.GetInt64(12),
            WalSegmentSize = new WalSegmentSize(row.GetInt32(7)),
            HasChecksums = row.GetBoolean(8),
            StartedAt = row.GetFieldValue<DateTimeOffset>(11),
        };
    }

    private static DrMeshException Unfit(NpgsqlConnection connection, string fact, string hint) =>
        new(DrMeshError.PostgresUnfit, string.Create(CultureInfo.InvariantCulture, $"server {connection.Host}:{connection.Port} {fact}"), hint);
}
