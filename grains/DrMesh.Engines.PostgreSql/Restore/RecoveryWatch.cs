using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Restores.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>Watches a server recover: until it has reached its target, or has ended without.</summary>
/// <param name="instance">The server.</param>
/// <param name="connectionString">How to connect to it, but for where it listens.</param>
/// <param name="target">What it is to reach.</param>
/// <param name="start">Where its recovery begins.</param>
/// <param name="before">What its control file said before it was started: one that stops at its target may be gone before it is first looked at.</param>
/// <param name="time">For waits.</param>
internal sealed class RecoveryWatch(
    PostgresInstance instance, string connectionString, RecoveryTarget target, Lsn start, IReadOnlyDictionary<string, string> before, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the postmaster may take to write its process id.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private const string Query = """
        select pg_is_in_recovery(),
               coalesce(pg_last_wal_replay_lsn(), '0/0')::text,
               pg_last_xact_replay_timestamp(),
               case when pg_is_in_recovery() then pg_get_wal_replay_pause_state() = 'paused' else false end,
               (select timeline_id from pg_control_checkpoint()),
               case when pg_is_in_recovery() then null else substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) end
        """;

    /// <summary>How to connect to the server of <paramref name="instance"/>; null: it does not listen.</summary>
    public static string? ConnectionString(string template, PostgresInstance instance) => instance.ReadEndpoint() is not var (host, port) ? null
        : new NpgsqlConnectionStringBuilder(template) { Host = host, Port = port, Pooling = false, Timeout = 5 }.ConnectionString;

    /// <summary>Waits for the target.</summary>
    public async Task<RecoveryReached> UntilReachedAsync(IProgress<RecoveryProgress>? progress, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var wasSeen = false;
        long? refusedSince = null;
        while (true)
        {
            var (answer, refusal) = ConnectionString(connectionString, instance) is { } server ? await AskAsync(server, cancellationToken) : (null, null);
            refusedSince = refusal is null ? null : refusedSince ?? time.GetTimestamp();
            if (refusedSince is { } since && time.GetElapsedTime(since) > StartPatience)
            {
                throw new DrMeshException(
                    DrMeshError.PostgresRefused,
                    $"the restored server in {instance.DataDirectory} lets nobody see how far it is: {refusal}",
                    "it has the roles, passwords and pg_hba.conf of the moment it was restored to: make the control user's password file fit them");
            }

            if (answer is { } now)
            {
                wasSeen = true;
                progress?.Report(new RecoveryProgress(now.Position, start));
                if (!now.IsInRecovery || (now.IsPaused && target.Action == RecoveryAction.Pause))
                {
                    return now.ToReached((now.Position - start) / time.GetElapsedTime(began).TotalSeconds);
                }
            }
            else if (instance.ReadPostmasterPid() is not null)
            {
                wasSeen = true;
            }
            else if (wasSeen || await HasStoppedAsync(cancellationToken) || (await instance.ReadFailureAsync(cancellationToken)).Length > 0 || time.GetElapsedTime(began) > StartPatience)
            {
                return await EndedAsync(cancellationToken);
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    // An answer, or why it gives none to this user; neither: it is not open for queries yet, or gone, which the postmaster's process tells.
    private static async Task<(State? Answer, string? Refusal)> AskAsync(string server, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(server);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Query, connection);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            var timeline = await row.IsDBNullAsync(5, cancellationToken)
                ? (uint)row.GetInt32(4)
                : uint.Parse(row.GetString(5), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var state = new State(
                row.GetBoolean(0),
                Lsn.Parse(row.GetString(1)),
                await row.IsDBNullAsync(2, cancellationToken) ? null : row.GetFieldValue<DateTimeOffset>(2),
                row.GetBoolean(3),
                new TimelineId(timeline));
            return (state, null);
        }
        catch (PostgresException refused) when (refused.SqlState.StartsWith("28", StringComparison.Ordinal) || refused.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return (null, refused.MessageText);
        }
        catch (NpgsqlException)
        {
            return (null, null);
        }
    }

    private async Task<bool> HasStoppedAsync(CancellationToken cancellationToken)
    {
        var now = await instance.ReadControlDataAsync(cancellationToken);
        return now["Database cluster state"].StartsWith("shut down", StringComparison.Ordinal)
            && (now["pg_control last modified"] != before["pg_control last modified"] || now["Minimum recovery ending location"] != before["Minimum recovery ending location"]);
    }

    private async Task<RecoveryReached> EndedAsync(CancellationToken cancellationToken)
    {
        var failure = await instance.ReadFailureAsync(cancellationToken);
        if (target.Action != RecoveryAction.Shutdown || failure.Contains("recovery ended before", StringComparison.Ordinal))
        {
            throw new DrMeshException(
                DrMeshError.PostgresRecoveryFailed,
                $"the restored server ended before it reached {target}: {failure}",
                $"its log is {instance.DataDirectory}.log; drmesh pitr plan shows which moments can be reached");
        }

        var control = await instance.ReadControlDataAsync(cancellationToken);
        return new RecoveryReached
        {
            Position = Lsn.Parse(control["Minimum recovery ending location"]),
            Timeline = new TimelineId(uint.Parse(control["Latest checkpoint's TimeLineID"], CultureInfo.InvariantCulture)),
            IsInRecovery = false,
        };
    }

    private sealed record State(bool IsInRecovery, Lsn Position, DateTimeOffset? LastTransactionAt, bool IsPaused, TimelineId Timeline)
    {
        public RecoveryReached ToReached(double rate) =>
            new() { Position = Position, LastTransactionAt = LastTransactionAt, Timeline = Timeline, IsInRecovery = IsInRecovery, ReplayRate = rate };
    }
}
