using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Manifests;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Backups;

/// <summary>Reads manifests.</summary>
internal sealed class ManifestReader(TierSet tiers)
{
    /// <summary>A backup's manifest from one tier, or null when the tier does not have it.</summary>
    public async Task<Manifest?> TryReadAsync(Tier tier, BackupId id, CancellationToken cancellationToken)
    {
        await tiers.OpenAsync(tier, cancellationToken);
        var key = ObjectNames.Backup(id);
        return await tier.Store.TryReadAllAsync(key, cancellationToken) is { } whole
            ? Manifest.Decode(SealedObject.Open(ObjectKind.Manifest, key, tiers.Secret, whole), tier.NameOf(key))
            : null;
    }

    /// <summary>A backup's manifest and the names of the tiers that have it; null: none has. A tier that fails is passed over while another answers.</summary>
    public async Task<(Manifest Manifest, string[] Tiers)?> FindAsync(BackupId id, CancellationToken cancellationToken)
    {
        Manifest? manifest = null;
        DrMeshException? failure = null;
        var held = new List<string>();
        foreach (var tier in tiers.All)
        {
            try
            {
                if (manifest is null)
                {
                    manifest = await TryReadAsync(tier, id, cancellationToken);
                    held.AddRange(manifest is null ? [] : [tier.Name]);
                }
                else if (await tier.Store.StatAsync(ObjectNames.Backup(id), cancellationToken) is not null)
                {
                    held.Add(tier.Name);
                }
            }
            catch (DrMeshException fault) when (RepositoryErrors.IsStoreFault(fault.Code))
            {
                failure ??= fault;
            }
        }

        if (manifest is null && failure is not null)
        {
            throw failure;
        }

        return manifest is null ? null : (manifest, [.. held]);
    }

    /// <summary>The names of all backups of the reachable tiers, ordinal; with the tiers that have each.</summary>
    public async Task<SortedDictionary<string, List<Tier>>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, List<Tier>>(StringComparer.Ordinal);
        DrMeshException? failure = null;
        var reached = 0;
        foreach (var tier in tiers.All)
        {
            try
            {
                await tiers.OpenAsync(tier, cancellationToken);
                await foreach (var info in tier.Store.ListAsync(ObjectNames.Backups, null, cancellationToken))
                {
                    var id = info.Key[ObjectNames.Backups.Length..];
                    found.TryAdd(id, []);
                    found[id].Add(tier);
                }

                reached++;
            }
            catch (DrMeshException fault) when (RepositoryErrors.IsStoreFault(fault.Code))
            {
                failure ??= fault;
            }
        }

        return reached > 0 ? found : throw failure!;
    }
}
