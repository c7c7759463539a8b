using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Catalogue;

namespace DrMesh.Grains.Backups.Catalogue;

/// <summary>One rebuild, off the grain's scheduler: reads every repository by itself, since those of different policies share nothing, then changes the rows in one transaction.</summary>
internal sealed class CatalogueRebuildRun
{
    private volatile CatalogueRebuild _state;

    private CatalogueRebuildRun(int repositories) => _state = new CatalogueRebuild { IsRunning = true, Repositories = repositories };

    /// <summary>How it stands.</summary>
    public CatalogueRebuild State => _state;

    /// <summary>Starts it.</summary>
    public static CatalogueRebuildRun Start(IReadOnlyList<RepositoryDefinition> repositories, IRepositoryFactory factory, IBackupCatalogue catalogue)
    {
        var run = new CatalogueRebuildRun(repositories.Count);
        _ = Task.Run(() => run.RunAsync(repositories, factory, catalogue));
        return run;
    }

    private async Task RunAsync(IReadOnlyList<RepositoryDefinition> repositories, IRepositoryFactory factory, IBackupCatalogue catalogue)
    {
        try
        {
            var mark = await catalogue.MarkAsync(CancellationToken.None);
            var found = new Dictionary<(string Source, BackupId Id), BackupSummary>();
            var unread = new List<string>();
            foreach (var repository in repositories)
            {
                try
                {
                    await ReadAsync(repository, factory, found);
                }
                catch (DrMeshException failure)
                {
                    unread.Add(repository.Name);
                    _state = _state with { Unread = _state.Unread.Add($"{repository.Name}: {failure.Message}; {failure.Hint}") };
                }

                _state = _state with { Read = _state.Read + 1, Backups = found.Count };
            }

            var change = await catalogue.ReplaceAsync(found.Values, unread, mark, CancellationToken.None);
            _state = _state with { IsRunning = false, Added = change.Added, Removed = change.Removed };
        }
        catch (Exception failure)
        {
            _state = _state with { IsRunning = false, Failure = failure is DrMeshException known ? $"{known.Message}; {known.Hint}" : failure.Message };
        }
    }

    // A repository that is not where it should be is not made there: an empty one would take every row with it.
    private static async Task ReadAsync(RepositoryDefinition repository, IRepositoryFactory factory, Dictionary<(string Source, BackupId Id), BackupSummary> found)
    {
        await using var opened = await factory.OpenAsync(RepositoryAddress.Describe([repository], repository.Name) with { Create = false }, CancellationToken.None);
        await foreach (var summary in opened.ListAsync(cancellationToken: CancellationToken.None))
        {
            var key = (summary.Source, summary.Id);
            found[key] = found.TryGetValue(key, out var known) ? known with { Tiers = [.. known.Tiers, .. summary.Tiers] } : summary;
        }
    }
}
