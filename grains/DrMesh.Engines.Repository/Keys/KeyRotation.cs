using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Keys;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Keys;

/// <summary>
/// Wraps every small key of a repository under another key-encryption key; no content is read or written. Repeatable: killed and run again it goes on. A key that a writer made under the old one
/// meanwhile is wrapped by the next run; until then it opens with the old one only.
/// </summary>
internal sealed class KeyRotation(TierSet tiers, IKeySource next, bool keepOld)
{
    public async Task<KeyRotationReport> RunAsync(CancellationToken cancellationToken)
    {
        long wrapped = 0;
        long removed = 0;
        foreach (var tier in tiers.All)
        {
            await tiers.OpenAsync(tier, cancellationToken);
            if (tier.Keys.KeyId == next.KeyId)
            {
                continue;
            }

            var names = await ListAsync(tier, cancellationToken);
            var nextTier = new Tier(tier.Name, tier.Store, next, tier.LockFor);
            foreach (var (name, keks) in names.Where(pair => !pair.Value.Contains(next.KeyId)))
            {
                if (keks.Contains(tier.Keys.KeyId))
                {
                    var key = await tier.ReadKeyAsync(tiers.Head.Id, name, cancellationToken);
                    await nextTier.WriteKeyAsync(tiers.Head.Id, name, key, cancellationToken);
                    wrapped++;
                }
            }

            // Only when all of them open with the new key do the old ones go, each after a look that its successor opens.
            foreach (var (name, keks) in keepOld ? [] : names)
            {
                if (keks.Contains(tier.Keys.KeyId))
                {
                    await nextTier.ReadKeyAsync(tiers.Head.Id, name, cancellationToken);
                    await tier.Store.DeleteAsync(ObjectNames.Key(name, tier.Keys.KeyId), cancellationToken);
                    removed++;
                }
            }
        }

        return new KeyRotationReport { KeyId = next.KeyId, Wrapped = wrapped, Removed = removed };
    }

    private async Task<Dictionary<string, List<string>>> ListAsync(Tier tier, CancellationToken cancellationToken)
    {
        var names = new Dictionary<string, List<string>>();
        await foreach (var info in tier.Store.ListAsync(ObjectNames.Keys, null, cancellationToken))
        {
            var parts = info.Key.Split('/');
            var isStray = parts[1].StartsWith(ObjectNames.RootKey(""), StringComparison.Ordinal) && parts[1] != ObjectNames.RootKey(tiers.Head.Id);
            if (parts.Length == 3 && !isStray)
            {
                names.TryAdd(parts[1], []);
                names[parts[1]].Add(parts[2]);
            }
        }

        return names;
    }
}
