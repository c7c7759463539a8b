using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.MongoDb;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb;

/// <summary>What this engine reports as a fault.</summary>
internal static class MongoErrors
{
    /// <summary>The fault a driver's exception stands for; null: it is not the driver's.</summary>
    public static DrMeshException? From(Exception exception, string host) => exception switch
    {
        MongoAuthenticationException => new DrMeshException(
            DrMeshError.MongoRefused, $"{host} refused the login: {exception.Message}", "check the user, its password and its authentication database"),
        MongoConnectionException or TimeoutException or MongoNodeIsRecoveringException or MongoNotPrimaryException => new DrMeshException(
            DrMeshError.MongoUnreachable, $"{host} does not answer: {exception.Message}", "check that the server runs and that its address can be reached from here", exception),
        MongoException => new DrMeshException(
            DrMeshError.MongoRefused, $"{host} refused: {exception.Message}", "check the user's roles: backup, restore and clusterMonitor are needed", exception),
        _ => null,
    };

    public static DrMeshException Unreachable(string hosts, string reason) => new(
        DrMeshError.MongoUnreachable, $"no member of {hosts} answers: {reason}", "check that the servers run and that their addresses can be reached from here");

    public static DrMeshException NoSource(MongoSourceChoice choice) => new(
        DrMeshError.MongoNoSource,
        $"no member is fit to be read: {string.Join("; ", choice.Unfit.Select(row => $"{row.Host}: {row.Reason}"))}",
        "heal a member, or allow the primary or more lag in the policy");

    public static DrMeshException OplogTooShort(string host, OpTime start) => new(
        DrMeshError.MongoChangedDuringBackup, $"the oplog of {host} no longer has {start}", "make the oplog larger (replSetResizeOplog) and back up again");

    public static DrMeshException MarkerRefused(string point, string answer) => new(
        DrMeshError.MongoRefused, $"the marker {point} was not acknowledged by a majority: {answer}", "check that a majority of the set's members runs, and that the user may write to the database drmesh");

    public static DrMeshException Renamed(string ns) => new(
        DrMeshError.MongoChangedDuringBackup, $"{ns} was renamed while the backup ran, which cannot be replayed over data read meanwhile", "back up again; nothing was recorded");

    public static DrMeshException OplogMissing(BackupId backup, OpTime from, OpTime to, OpTime? reached) => new(
        DrMeshError.MongoOplogMissing,
        $"the archive does not lead from backup {backup} at {from} to {to}{(reached is { } end ? $"; it ends at {end} ({end.Time:u})" : "")}",
        "nothing was written; choose an earlier target or a later backup");

    public static DrMeshException BeforeBackup(BackupId backup, OpTime position, OpTime target) => new(
        DrMeshError.MongoOplogMissing, $"backup {backup} is consistent at {position} only, after the target {target}", "nothing was written; choose an earlier backup");

    public static DrMeshException NotEmpty(IEnumerable<string> collections) => new(
        DrMeshError.MongoTargetNotEmpty, $"the target has collections of the backup's names: {string.Join(", ", collections.Order(StringComparer.Ordinal))}", "nothing was written; restore into an empty set, or let the restore drop what is there");

    public static DrMeshException Replay(OpTime position, string ns, string reason) => new(
        DrMeshError.MongoReplayFailed, $"the operation {position} on {ns} could not be replayed: {reason}", "the restored data is not complete; drop it and restore again or from another backup");

    public static DrMeshException NotMongo(BackupId backup, string engine) => new(
        DrMeshError.UsageInvalid, $"backup {backup} was made by {engine}, not by {MongoFacts.Engine}", "restore it with its own engine");

    public static DrMeshException Damaged(BackupId backup, string fact) => new(
        DrMeshError.RepositoryObjectDamaged, $"backup {backup} is not a usable MongoDB backup: {fact}", "verify the repository and restore another backup");
}
