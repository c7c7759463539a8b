using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>The log archives of the tiers that answer, preferred first. With a region a tier may be gone, which must not keep the others from being read.</summary>
/// <param name="Archives">Those.</param>
/// <param name="Silent">The others, each with the reason.</param>
internal sealed record AnsweringArchives(IReadOnlyList<ILogArchive> Archives, IReadOnlyList<string> Silent)
{
    /// <summary>Asks every tier.</summary>
    /// <exception cref="DrMeshException">No tier answers; what the first said.</exception>
    public static async Task<AnsweringArchives> OpenAsync(string source, IBackupRepository repository, CancellationToken cancellationToken)
    {
        var archives = new List<ILogArchive>();
        var silent = new List<string>();
        DrMeshException? first = null;
        foreach (var tier in repository.Tiers)
        {
            var archive = repository.OpenLog(source, tier);
            try
            {
                await archive.LastAsync(WalLogNames.HistoryGroup, cancellationToken);
                archives.Add(archive);
            }
            catch (DrMeshException away) when (away.Code is DrMeshError.RepositoryUnreachable or DrMeshError.RepositoryStoreFailed or DrMeshError.RepositoryUnknown)
            {
                first ??= away;
                silent.Add($"{tier}: {away.Message}");
            }
        }

        return archives.Count > 0 || first is null ? new AnsweringArchives(archives, silent) : throw first;
    }
}
