using DrMesh.Core.Backups;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Restores.MongoDb;

namespace DrMesh.Grains.Restores;

/// <summary>What a repository holds of a replica set, as recoveries are planned from it. The oplog is the first tier's: a restore reads that one.</summary>
internal static class OplogFacts
{
    /// <summary>The backups of a set.</summary>
    public static async Task<IReadOnlyList<OplogPoint>> BackupsAsync(IBackupRepository repository, string set, CancellationToken cancellationToken)
    {
        var backups = new List<OplogPoint>();
        await foreach (var backup in repository.ListAsync(set, cancellationToken))
        {
            if (backup.Engine == MongoFacts.Engine && OpTime.TryParse(backup.Facts.GetValueOrDefault(MongoFacts.Position), out var position))
            {
                backups.Add(new OplogPoint(backup.Id.Value, position, backup.LogicalBytes, backup.Tiers));
            }
        }

        return backups;
    }

    /// <summary>The slices of a set's archive with their lengths as stored, bytes.</summary>
    public static Task<IReadOnlyList<(OplogSliceName Name, long StoredLength)>> SlicesAsync(IBackupRepository repository, string set, CancellationToken cancellationToken) =>
        repository.OpenLog(set, repository.Tiers[0]).OplogSlicesAsync(cancellationToken);
}
