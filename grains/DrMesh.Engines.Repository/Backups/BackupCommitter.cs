using System.Runtime.ExceptionServices;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Copying;
using DrMesh.Engines.Repository.Dedup;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Manifests;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Backups;

/// <summary>
/// Makes a written backup visible: the packs of older backups it needs are in every tier, then its indexes, then its manifest, and its marker goes. Killed between any two of
/// these, a tier has the backup whole or not at all.
/// </summary>
internal sealed class BackupCommitter(TierSet tiers, BackupWriter writer)
{
    public async Task<BackupCommit> CommitAsync(
        BackupCompletion completion, BlockRef[] tree, PathIndexRef[] paths, CancellationToken cancellationToken)
    {
        var packs = writer.Tree.Packs();
        var head = HeadOf(completion);
        var manifest = new Manifest { Head = head, Packs = packs, Tree = tree, PathIndex = paths };
        var key = ObjectNames.Backup(writer.Draft.Id);
        var sealedManifest = SealedObject.Seal(ObjectKind.Manifest, key, tiers.Secret, manifest.Encode());
        var indexes = EncodeIndexes(packs).ToArray();
        var copier = new PackCopier(tiers, writer.Time);
        var existed = 0;
        await Task.WhenAll(writer.Targets.Select(target => target.TryAsync(async tier =>
        {
            if (writer.MayLose(target, packs))
            {
                throw RepositoryErrors.Refused(tier.Store.Address, "the parent is not there and some of its packs are being collected as garbage");
            }

            await copier.EnsureAsync(tier, packs, writer.Number, cancellationToken);
            foreach (var (name, content) in indexes)
            {
                await tier.Store.PutAsync(name, content, ifAbsent: true, cancellationToken);
            }

            if (await tier.Store.StatAsync(ObjectNames.Marker(writer.Number), cancellationToken) is null)
            {
                throw new DrMeshException(
                    DrMeshError.RepositoryWriterAbandoned,
                    $"garbage collection took the writer of {writer.Draft.Id} in {tier.Store.Address} for dead, since it ran too long",
                    "start the backup again, and give drmesh repo gc a longer --abandon-after");
            }

            if (!await tier.Store.PutAsync(key, sealedManifest, ifAbsent: true, cancellationToken))
            {
                Interlocked.Increment(ref existed);
                throw RepositoryErrors.Refused(tier.NameOf(key), "a backup of that name was committed meanwhile");
            }

            await tier.Store.DeleteAsync(ObjectNames.Marker(writer.Number), cancellationToken);
        })));

        var held = writer.Targets.Where(target => target.IsLive).Select(target => target.Tier.Name).ToArray();
        if (held.Length == 0 && existed > 0)
        {
            throw RepositoryErrors.BackupExists(writer.Draft.Id.Value);
        }

        if (held.Length == 0)
        {
            ExceptionDispatchInfo.Throw(writer.Targets[0].Failure!);
        }

        return new BackupCommit { Summary = head.ToSummary(held), Tiers = [.. writer.Targets.Select(target => target.Outcome)] };
    }

    private ManifestHead HeadOf(BackupCompletion completion) => new()
    {
        Id = writer.Draft.Id.Value,
        Engine = writer.Draft.Engine,
        Source = writer.Draft.Source,
        Parent = writer.Draft.Parent?.Value,
        StartedAt = writer.Draft.StartedAt,
        CompletedAt = completion.CompletedAt,
        LogicalBytes = writer.Tree.LogicalBytes,
        StoredBytes = writer.Statistics.StoredBytes,
        FileCount = writer.Tree.Files,
        PathCount = writer.Tree.Paths,
        Labels = new SortedDictionary<string, string>(writer.Draft.Labels.ToDictionary(), StringComparer.Ordinal),
        Facts = new SortedDictionary<string, string>(completion.Facts.ToDictionary(), StringComparer.Ordinal),
        Roots = [.. completion.Roots],
        Warnings = [.. completion.Warnings],
    };

    private IEnumerable<(string Name, byte[] Content)> EncodeIndexes(Dictionary<ulong, uint[]> packs)
    {
        var batch = new List<IndexedPack>();
        var chunks = 0;
        var number = 0;
        foreach (var pack in writer.PacksToIndex(packs))
        {
            batch.Add(pack);
            chunks += pack.Chunks.Length;
            if (chunks >= IndexObject.ChunksPerObject)
            {
                yield return Encode(batch, number++);
                batch = [];
                chunks = 0;
            }
        }

        if (batch.Count > 0)
        {
            yield return Encode(batch, number);
        }
    }

    private (string Name, byte[] Content) Encode(List<IndexedPack> batch, int number)
    {
        var name = ObjectNames.Index(writer.Number, number);
        return (name, SealedObject.Seal(ObjectKind.Index, name, tiers.Secret, IndexObject.Encode(batch), compressionLevel: 1));
    }
}
