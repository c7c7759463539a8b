using System.Net.Sockets;
using DrMesh.Contracts.Errors;
using Npgsql;

namespace DrMesh.Grains.ControlStore;

/// <summary>What a failed call to the control store means.</summary>
internal static class ControlStoreErrors
{
    /// <summary>Whether a server that became a standby refused a write; nothing was written. Source: PostgreSQL manual, appendix A, class 25.</summary>
    public static bool IsReadOnly(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };

    /// <summary>Whether the store could not be asked, so that the same call can succeed later. Whether it took effect is unknown.</summary>
    public static bool IsUnreachable(Exception exception) => exception switch
    {
        PostgresException answered => answered.SqlState is
            PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException or TimeoutException or SocketException => true,
        _ => false,
    };

    /// <summary>The error as DrMesh reports it, or null for one that is a fault of the statement and not of the store.</summary>
    public static DrMeshException? Translate(Exception exception, ControlStoreOptions options) => exception switch
    {
        DrMeshException known => known,
        PostgresException
        {
            SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
                or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege,
        } refused => new DrMeshException(
            DrMeshError.ControlStoreRefused,
            $"control store {options.Describe()} refuses: {refused.MessageText}",
            "correct user, password file and database of the connection string; the rights the user needs are in infra/docs/control-store.md",
            refused),
        _ when IsUnreachable(exception) => new DrMeshException(
            DrMeshError.ControlStoreUnreachable,
            $"control store {options.Describe()} does not answer: {Innermost(exception)}",
            "start it (drmesh store start starts the local one), or correct the connection string (DRMESH_STORE)",
            exception),
        _ => null,
    };

    /// <summary>A commit that is on the primary and on no standby: a failover may still undo it.</summary>
    public static DrMeshException Unconfirmed(PostgresNotice notice, ControlStoreOptions options) => new(
        DrMeshError.ControlStoreUnreachable,
        $"control store {options.Describe()} did not confirm a write: {notice.MessageText}",
        "whether it lasts is unknown; look what is there once the store has its standbys again, then repeat");

    /// <summary>The cause at the bottom, as one sentence.</summary>
    public static string Innermost(Exception exception)
    {
        var inner = exception;
        while (true)
        {
            var next = inner is AggregateException { InnerExceptions.Count: > 0 } several ? several.InnerExceptions[0] : inner.InnerException;
            if (next is null)
            {
                return inner is PostgresException answered ? answered.MessageText : inner.Message;
            }

            inner = next;
        }
    }
}
