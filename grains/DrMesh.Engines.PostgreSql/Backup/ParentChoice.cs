using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>Which backup an incremental one builds on.</summary>
internal static class ParentChoice
{
    /// <summary>Opens the parent: the one asked for, else the newest of the same cluster; null when there is none or everything is to be read.</summary>
    public static async Task<ParentBackup?> OpenAsync(
        PostgresBackupRequest request, IBackupRepository repository, ulong systemId, string origin, CancellationToken cancellationToken)
    {
        if (request.IsFull)
        {
            return null;
        }

        var chosen = request.Parent is { } asked
            ? await repository.FindKnownAsync(asked, "drmesh backup list shows what there is to build on", cancellationToken)
            : await FindNewestAsync(request.Cluster, repository, systemId, cancellationToken);
        if (chosen is null)
        {
            return null;
        }

        var facts = PostgresBackupFacts.Parse(chosen.Facts);
        if (facts.SystemId != systemId)
        {
            throw new DrMeshException(
                DrMeshError.PostgresUnfit,
                string.Create(CultureInfo.InvariantCulture, $"backup {chosen.Id} is of system {facts.SystemId}, the server is {systemId}"),
                "the cluster was created anew since; make a full backup");
        }

        return new ParentBackup(await repository.OpenAsync(chosen.Id, cancellationToken), facts.StartLsn, origin.Length > 0 && facts.Origin == origin);
    }

    private static async Task<BackupSummary?> FindNewestAsync(string cluster, IBackupRepository repository, ulong systemId, CancellationToken cancellationToken)
    {
        BackupSummary? newest = null;
        await foreach (var backup in repository.ListAsync(cluster, cancellationToken))
        {
            if (backup.Engine == PostgreSqlEngine.Name && (newest is null || backup.StartedAt > newest.StartedAt)
                && PostgresBackupFacts.Parse(backup.Facts).SystemId == systemId)
            {
                newest = backup;
            }
        }

        return newest;
    }
}
