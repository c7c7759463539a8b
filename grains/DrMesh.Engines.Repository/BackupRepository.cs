using System.Runtime.CompilerServices;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Engines.Repository.Backups;
using DrMesh.Engines.Repository.Copying;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Garbage;
using DrMesh.Engines.Repository.Keys;
using DrMesh.Engines.Repository.Logs;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Tiers;
using DrMesh.Engines.Repository.Verification;

namespace DrMesh.Engines.Repository;

/// <summary>The repository as the port shows it: each verb is a class of its own.</summary>
internal sealed class BackupRepository(TierSet tiers, TimeProvider time) : IBackupRepository
{
    private readonly ManifestReader _manifests = new(tiers);

    public IReadOnlyList<string> Tiers { get; } = [.. tiers.All.Select(tier => tier.Name)];

    public async IAsyncEnumerable<BackupSummary> ListAsync(
        string? source = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var id in (await _manifests.ListAsync(cancellationToken)).Keys)
        {
            if (await FindAsync(new BackupId(id), cancellationToken) is { } summary && (source is null || summary.Source == source))
            {
                yield return summary;
            }
        }
    }

    public async Task<BackupSummary?> FindAsync(BackupId id, CancellationToken cancellationToken = default)
    {
        ObjectNames.Check(id.Value, "backup", 120);
        return await _manifests.FindAsync(id, cancellationToken) is { } found ? found.Manifest.Head.ToSummary(found.Tiers) : null;
    }

    public async Task<IBackupReader> OpenAsync(BackupId id, CancellationToken cancellationToken = default)
    {
        ObjectNames.Check(id.Value, "backup", 120);
        return await _manifests.FindAsync(id, cancellationToken) is { } found
            ? new BackupReader(tiers, found.Manifest, found.Tiers, $"backup {id}", new ChunkSource(tiers))
            : throw RepositoryErrors.BackupUnknown(id.Value);
    }

    public async Task<IBackupWriter> BeginAsync(BackupDraft draft, CancellationToken cancellationToken = default) =>
        new BackupWriter(tiers, draft, await WriterStart.BeginAsync(tiers, draft, time, cancellationToken), time);

    public async Task DeleteAsync(BackupId id, CancellationToken cancellationToken = default)
    {
        ObjectNames.Check(id.Value, "backup", 120);
        foreach (var tier in tiers.All)
        {
            await tiers.OpenAsync(tier, cancellationToken);
            await tier.Store.DeleteAsync(ObjectNames.Backup(id), cancellationToken);
        }
    }

    public ILogArchive OpenLog(string source, string tier) => new LogArchive(tiers, tiers.Get(tier), ObjectNames.Check(source, "source", 120));

    public Task<VerifyReport> VerifyAsync(
        VerifyRequest request, IProgress<VerifyProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new Verifier(tiers, request, progress).RunAsync(cancellationToken);

    public Task<CopyReport> CopyAsync(CopyRequest request, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new TierCopy(tiers, request, time, progress).RunAsync(cancellationToken);

    public Task<GarbageReport> CollectGarbageAsync(GarbageRequest request, CancellationToken cancellationToken = default) =>
        new GarbageCollector(tiers, request, time).RunAsync(cancellationToken);

    public Task<KeyRotationReport> RotateKeyAsync(string newKey, bool keepOld, CancellationToken cancellationToken = default) =>
        new KeyRotation(tiers, KeyAddress.Open(newKey), keepOld).RunAsync(cancellationToken);

    public ValueTask DisposeAsync() => tiers.DisposeAsync();
}
