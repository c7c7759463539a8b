using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Catalogue;

namespace DrMesh.TestKit.Repositories;

/// <summary>A fake of the catalogue, in memory, for silos without a control store.</summary>
public sealed class FakeBackupCatalogue(TimeProvider time) : IBackupCatalogue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Source, BackupId Id), (BackupSummary Summary, DateTimeOffset At)> _rows = [];

    /// <inheritdoc/>
    public Task RecordAsync(IReadOnlyCollection<BackupSummary> backups, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var backup in backups)
            {
                _rows[(backup.Source, backup.Id)] = (backup with { Roots = [] }, time.GetUtcNow());
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task ForgetAsync(string source, IReadOnlyCollection<BackupId> backups, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var backup in backups)
            {
                _rows.Remove((source, backup));
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<BackupSummary>> ListAsync(CatalogueQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<BackupSummary>>([.. _rows.Values
                .Select(row => row.Summary)
                .Where(row => query.Source is null || row.Source == query.Source)
                .Where(row => query.Engine is null || row.Engine == query.Engine)
                .Where(row => !(row.CompletedAt < query.Since))
                .Where(row => query.Labels.All(label => row.Labels.GetValueOrDefault(label.Key) == label.Value))
                .OrderByDescending(row => row.CompletedAt)
                .ThenBy(row => row.Id.Value, StringComparer.Ordinal)
                .Take(query.Limit)]);
        }
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset> MarkAsync(CancellationToken cancellationToken) => Task.FromResult(time.GetUtcNow());

    /// <inheritdoc/>
    public Task<CatalogueChange> ReplaceAsync(
        IReadOnlyCollection<BackupSummary> found, IReadOnlyCollection<string> unread, DateTimeOffset mark, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var keys = found.Select(backup => (backup.Source, backup.Id)).ToHashSet();
            var gone = _rows.Where(row => !keys.Contains(row.Key) && row.Value.At < mark && !row.Value.Summary.Tiers.Intersect(unread).Any()).Select(row => row.Key).ToArray();
            Array.ForEach(gone, key => _rows.Remove(key));
            var added = keys.Count(key => !_rows.ContainsKey(key));
            foreach (var backup in found)
            {
                _rows[(backup.Source, backup.Id)] = (backup with { Roots = [] }, time.GetUtcNow());
            }

            return Task.FromResult(new CatalogueChange(added, gone.Length));
        }
    }
}
