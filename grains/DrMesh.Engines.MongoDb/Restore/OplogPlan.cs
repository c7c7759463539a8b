using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Engines.MongoDb.Restore;

/// <summary>Finds the slices that lead from a backup to the target of a restore.</summary>
internal sealed class OplogPlan(BackupId backup, ILogArchive archive, MongoRestoreRequest request)
{
    /// <summary>The slices in order, and the last operation to take of them.</summary>
    internal sealed record Slices(IReadOnlyList<OplogSliceName> Names, OpTime Until);

    /// <exception cref="Contracts.Errors.DrMeshException">The target is before the backup, or the archive has a hole on the way or ends before it.</exception>
    public async Task<Slices> FindAsync(OpTime position, CancellationToken cancellationToken)
    {
        if (Target() is not { } target)
        {
            return new Slices([], position);
        }

        if (target < position)
        {
            throw MongoErrors.BeforeBackup(backup, position, target);
        }

        var names = (await archive.OplogSlicesAsync(cancellationToken)).Select(slice => slice.Name).ToList();

        // A time is reached by the first operation after it, or the last there is: whether that covers it is told by the archive's end.
        var path = OplogChain.Path(names, position, target);
        if (path is null)
        {
            var reached = OplogChain.Ranges(names).FirstOrDefault(range => range.From <= position && range.To >= position)?.To;
            throw MongoErrors.OplogMissing(backup, position, target, reached);
        }

        return new Slices(path, target);
    }

    private OpTime? Target() =>
        request.Until ?? (request.UntilTime is { } time ? new OpTime((uint)time.ToUnixTimeSeconds(), uint.MaxValue, -1) : null);
}
