using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Backups;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Manifests;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Verification;

/// <summary>Checks a backup's manifest and tree: that every piece of every file lies in a pack that is there and has it.</summary>
internal sealed class TreeVerifier(TierSet tiers, Tier tier, TierFindings findings, bool quick)
{
    public async Task VerifyAsync(BackupId id, CancellationToken cancellationToken)
    {
        var key = ObjectNames.Backup(id);
        findings.Need(key, id);
        try
        {
            var manifest = await new ManifestReader(tiers).TryReadAsync(tier, id, cancellationToken)
                ?? throw new DrMeshException(DrMeshError.RepositoryObjectMissing, "it is not there", "");
            CheckPacks(id, manifest);
            if (!quick)
            {
                await CheckTreeAsync(id, key, manifest, cancellationToken);
            }
        }
        catch (DrMeshException fault) when (RepositoryErrors.IsStoreFault(fault.Code) || fault.Code == DrMeshError.RepositoryFormatNewer)
        {
            findings.Report(key, fault.Message);
        }
    }

    private void CheckPacks(BackupId id, Manifest manifest)
    {
        foreach (var (writer, packs) in manifest.Packs)
        {
            findings.Need(ObjectNames.Key(ObjectNames.Writer(writer), tier.Keys.KeyId), id);
            foreach (var pack in packs)
            {
                if (findings.Packs.TryGetValue((writer, pack), out var found))
                {
                    findings.Need(found.Key, id);
                }
                else
                {
                    var missing = ObjectNames.Pack(writer, pack);
                    findings.Need(missing, id);
                    findings.Report(missing, "it is not there");
                }
            }
        }
    }

    private async Task CheckTreeAsync(BackupId id, string key, Manifest manifest, CancellationToken cancellationToken)
    {
        // A tree of this tier only: another tier's copy must not hide this one's damage.
        var source = new ChunkSource(tiers, tier);
        await using var reader = new BackupReader(tiers, manifest, [tier.Name], tier.NameOf(key), source);
        await foreach (var file in reader.FilesAsync(cancellationToken))
        {
            foreach (var extent in file.Extents.Span)
            {
                Check(id, key, file.Path, extent.Source);
            }

            foreach (var slice in file.Notes.Span)
            {
                Check(id, key, file.Path, slice);
            }
        }
    }

    private void Check(BackupId id, string key, string path, ChunkSlice slice)
    {
        if (slice.Chunk == ChunkRef.Zeros || !findings.Packs.TryGetValue((slice.Chunk.Writer, slice.Chunk.Pack), out var found) || found.Facts is null)
        {
            return;
        }

        var length = found.Facts.PlainLength(slice.Chunk.Entry);
        if (length < slice.Offset + slice.Length)
        {
            findings.Report(found.Key, $"entry {slice.Chunk.Entry} {(length < 0 ? "is not there" : $"has {length} bytes")}; {path} of backup {id} needs it");
            findings.Need(key, id);
        }
    }
}
