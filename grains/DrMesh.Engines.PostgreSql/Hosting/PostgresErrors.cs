using DrMesh.Contracts.Errors;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>Turns what PostgreSQL and its connection say into DrMesh's errors.</summary>
internal static class PostgresErrors
{
    private const string ObjectNotInPrerequisiteState = "55000";

    /// <summary>The error for <paramref name="failure"/>, which happened while <paramref name="doing"/> on <paramref name="server"/>.</summary>
    public static DrMeshException During(string doing, string server, Exception failure) => failure switch
    {
        DrMeshException known => known,
        PostgresException { SqlState: ObjectNotInPrerequisiteState } refused when refused.MessageText.Contains("promoted", StringComparison.Ordinal) =>
            new DrMeshException(
                DrMeshError.PostgresChangedDuringBackup,
                $"{server} was promoted while {doing}",
                "nothing was recorded; start the backup again, it reuses what was stored",
                failure),
        // 57P: an operator, a crash or a shutdown ended the session.
        PostgresException refused when !refused.SqlState.StartsWith("57P", StringComparison.Ordinal) => new DrMeshException(
            DrMeshError.PostgresRefused, $"{server} refused while {doing}: {refused.MessageText}", refused.Hint ?? "see the server's log", failure),
        _ => new DrMeshException(
            DrMeshError.PostgresConnectionLost,
            $"the connection to {server} was lost while {doing}: {failure.Message}",
            "nothing was recorded; see whether the server restarted (its log), then start again",
            failure),
    };
}
