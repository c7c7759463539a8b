using System.Globalization;
using System.Security.Cryptography;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Dedup;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Garbage;

/// <summary>
/// Two phases. A run first writes down what nobody refers to (a condemned list), which writers that begin later do not build on. A later run removes it if the list is older
/// than the grace time, no writer's marker is older than the list, and still nobody refers to it. Markers are listed before manifests: a writer puts its manifest before it takes its
/// marker away, so it is seen by one or the other.
/// </summary>
internal sealed class GarbageCollector(TierSet tiers, GarbageRequest request, TimeProvider time)
{
    private long _condemned;
    private long _removed;
    private long _freed;
    private long _locked;

    public async Task<GarbageReport> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tier in tiers.All)
        {
            await tiers.OpenAsync(tier, cancellationToken);
            await CollectAsync(tier, cancellationToken);
        }

        return new GarbageReport { Condemned = _condemned, Removed = _removed, FreedBytes = _freed, Locked = _locked };
    }

    private async Task CollectAsync(Tier tier, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (markers, buried) = await BuryAsync(tier, now, cancellationToken);
        var mayCompact = request.CompactAbove < 1 && tier.LockFor is null;
        var live = await LiveChunks.ReadAsync(tiers, tier, mayCompact, cancellationToken);
        var standing = new List<CondemnedPack>();
        foreach (var list in await ToListAsync(tier.Store.ListAsync(ObjectNames.Garbage, null, cancellationToken)))
        {
            var packs = await ReadAsync(tier, list, cancellationToken);
            var isDue = !buried && now - list.ModifiedAt >= request.Grace && markers.All(marker => marker.ModifiedAt > list.ModifiedAt);
            if (!isDue || !await RemoveAsync(tier, live, packs, list, cancellationToken))
            {
                standing.AddRange(packs);
            }
        }

        await CondemnAsync(tier, live, markers, standing, mayCompact, now, cancellationToken);
        await RemoveKeysAsync(tier, live, markers, now, cancellationToken);
        _removed += await tier.Store.RemoveStaleUploadsAsync(now - request.AbandonAfter, cancellationToken);
    }

    // A run that takes a writer for dead removes nothing: what the writer had built on stays for another grace time.
    private async Task<(List<ObjectInfo> Markers, bool Buried)> BuryAsync(Tier tier, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var markers = await ToListAsync(tier.Store.ListAsync(ObjectNames.Writers, null, cancellationToken));
        var dead = markers.Where(marker => now - marker.ModifiedAt >= request.AbandonAfter).ToArray();
        foreach (var marker in dead)
        {
            await tier.Store.DeleteAsync(marker.Key, cancellationToken);
        }

        return ([.. markers.Except(dead)], dead.Length > 0);
    }

    private async Task<List<CondemnedPack>> ReadAsync(Tier tier, ObjectInfo list, CancellationToken cancellationToken) =>
        await tier.Store.TryReadAllAsync(list.Key, cancellationToken) is { } whole
            ? CondemnedPack.Decode(SealedObject.Open(ObjectKind.Garbage, list.Key, tiers.Secret, whole), tier.NameOf(list.Key))
            : [];

    // Returns whether all of the list is dealt with. Indexes go first, so that no writer finds a chunk that is not there.
    private async Task<bool> RemoveAsync(Tier tier, LiveChunks live, List<CondemnedPack> packs, ObjectInfo list, CancellationToken cancellationToken)
    {
        var dead = packs.Where(pack => pack.IsWhole && !live.Contains(pack.Writer, pack.Pack)).ToList();
        var partly = packs.Where(pack => !pack.IsWhole)
            .Select(pack => pack with { Entries = [.. pack.Entries.Where(entry => !live.Contains(pack.Writer, pack.Pack, entry))] })
            .Where(pack => !pack.IsWhole).ToList();
        await RewriteIndexesAsync(tier, dead, partly, cancellationToken);
        var directory = new PackDirectory(tiers, tier);
        var isDone = true;
        foreach (var pack in dead)
        {
            foreach (var generation in await ToListAsync(tier.Store.ListAsync(ObjectNames.Pack(pack.Writer, pack.Pack), null, cancellationToken)))
            {
                isDone &= await TryDeleteAsync(tier, generation.Key, generation.Length, cancellationToken);
            }
        }

        foreach (var pack in partly)
        {
            isDone &= await CompactAsync(tier, directory, pack, cancellationToken);
        }

        if (isDone)
        {
            await tier.Store.DeleteAsync(list.Key, cancellationToken);
        }

        return isDone;
    }

    // Older generations go also when a run that was killed had written the newest.
    private async Task<bool> CompactAsync(Tier tier, PackDirectory directory, CondemnedPack pack, CancellationToken cancellationToken)
    {
        if (!(await directory.ListAsync(pack.Writer, cancellationToken)).ContainsKey(pack.Pack))
        {
            return true;
        }

        var opened = await directory.OpenAsync(pack.Writer, pack.Pack, cancellationToken);
        if (opened.Entries.Any(entry => pack.Entries.Contains(entry.Entry)))
        {
            _freed -= await new PackCompactor(tiers, tier).CompactAsync(opened, [.. pack.Entries], cancellationToken);
        }

        var isDone = true;
        var generations = await ToListAsync(tier.Store.ListAsync(ObjectNames.Pack(pack.Writer, pack.Pack), null, cancellationToken));
        foreach (var old in generations.SkipLast(1))
        {
            isDone &= await TryDeleteAsync(tier, old.Key, old.Length, cancellationToken);
        }

        return isDone;
    }

    private async Task<bool> TryDeleteAsync(Tier tier, string key, long freed, CancellationToken cancellationToken)
    {
        try
        {
            await tier.Store.DeleteAsync(key, cancellationToken);
            _removed++;
            _freed += freed;
            return true;
        }
        catch (DrMeshException held) when (held.Code == DrMeshError.RepositoryObjectLocked)
        {
            _locked++;
            return false;
        }
    }

    private async Task RewriteIndexesAsync(Tier tier, List<CondemnedPack> dead, List<CondemnedPack> partly, CancellationToken cancellationToken)
    {
        var gone = dead.Select(pack => (pack.Writer, pack.Pack)).ToHashSet();
        var goneChunks = partly.SelectMany(pack => pack.Entries.Select(entry => new ChunkRef(pack.Writer, pack.Pack, entry))).ToHashSet();
        foreach (var info in await ToListAsync(tier.Store.ListAsync(ObjectNames.Indexes, null, cancellationToken)))
        {
            if (await tier.Store.TryReadAllAsync(info.Key, cancellationToken) is not { } whole)
            {
                continue;
            }

            var packs = IndexObject.Decode(SealedObject.Open(ObjectKind.Index, info.Key, tiers.Secret, whole), tier.NameOf(info.Key));
            var left = packs.Where(pack => !gone.Contains((pack.Writer, pack.Pack)))
                .Select(pack => pack with { Chunks = [.. pack.Chunks.Where(chunk => !goneChunks.Contains(new(pack.Writer, pack.Pack, chunk.Entry)))] })
                .Where(pack => pack.Chunks.Length > 0).ToList();
            if (left.Sum(pack => pack.Chunks.Length) == packs.Sum(pack => pack.Chunks.Length))
            {
                continue;
            }

            if (left.Count > 0)
            {
                // Named by its content: two tiers that lost the same have the same index again.
                var content = IndexObject.Encode(left);
                var key = $"{info.Key.Split('.')[0]}.{Convert.ToHexStringLower(SHA256.HashData(content))[..8]}";
                await tier.Store.PutAsync(key, SealedObject.Seal(ObjectKind.Index, key, tiers.Secret, content, compressionLevel: 1), ifAbsent: true, cancellationToken);
            }

            await TryDeleteAsync(tier, info.Key, 0, cancellationToken);
        }
    }

    private async Task CondemnAsync(
        Tier tier,
        LiveChunks live,
        List<ObjectInfo> markers,
        List<CondemnedPack> standing,
        bool mayCompact,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var known = standing.Select(pack => (pack.Writer, pack.Pack)).ToHashSet();
        var writing = markers.Select(marker => marker.Key[ObjectNames.Writers.Length..]).ToHashSet(StringComparer.Ordinal);
        var condemned = new List<CondemnedPack>();
        var directory = new PackDirectory(tiers, tier);
        await foreach (var info in tier.Store.ListAsync(ObjectNames.Packs, null, cancellationToken))
        {
            if (ObjectNames.ParsePack(info.Key) is not { } pack || known.Contains((pack.Writer, pack.Pack))
                || writing.Contains(ObjectNames.Writer(pack.Writer)))
            {
                continue;
            }

            if (!live.Contains(pack.Writer, pack.Pack))
            {
                condemned.Add(new CondemnedPack(pack.Writer, pack.Pack, []));
                known.Add((pack.Writer, pack.Pack));
            }
            else if (mayCompact && await DeadEntriesAsync(directory, live, pack.Writer, pack.Pack, cancellationToken) is { Length: > 0 } entries)
            {
                condemned.Add(new CondemnedPack(pack.Writer, pack.Pack, entries));
                known.Add((pack.Writer, pack.Pack));
            }
        }

        if (condemned.Count > 0)
        {
            var stamp = now.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
            var key = $"{ObjectNames.Garbage}{stamp}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
            var content = SealedObject.Seal(ObjectKind.Garbage, key, tiers.Secret, CondemnedPack.Encode(condemned));
            await tier.Store.PutAsync(key, content, ifAbsent: true, cancellationToken);
            _condemned += condemned.Count;
        }
    }

    // The dead entries of a pack when they are worth writing it anew; else none.
    private async Task<uint[]> DeadEntriesAsync(PackDirectory directory, LiveChunks live, ulong writer, uint pack, CancellationToken cancellationToken)
    {
        var opened = await directory.OpenAsync(writer, pack, cancellationToken);
        var dead = opened.Entries.Where(entry => !live.Contains(writer, pack, entry.Entry)).ToArray();
        return dead.Sum(entry => (long)entry.FrameLength) > request.CompactAbove * opened.Length ? [.. dead.Select(entry => entry.Entry)] : [];
    }

    // A key goes when its writer has neither packs nor a marker; a new writer's key comes shortly before its marker, hence the grace time.
    private async Task RemoveKeysAsync(Tier tier, LiveChunks live, List<ObjectInfo> markers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var key in await ToListAsync(tier.Store.ListAsync(ObjectNames.Keys, null, cancellationToken)))
        {
            var name = key.Key.Split('/')[1];
            var isYoung = now - key.ModifiedAt < request.Grace;
            if (isYoung || name == ObjectNames.RootKey(tiers.Head.Id) || markers.Any(marker => marker.Key == ObjectNames.Writers + name))
            {
                continue;
            }

            if (ulong.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var writer)
                && (live.ContainsWriter(writer) || (await new PackDirectory(tiers, tier).ListAsync(writer, cancellationToken)).Count > 0))
            {
                continue;
            }

            await TryDeleteAsync(tier, key.Key, key.Length, cancellationToken);
        }
    }

    private static async Task<List<ObjectInfo>> ToListAsync(IAsyncEnumerable<ObjectInfo> listing)
    {
        var all = new List<ObjectInfo>();
        await foreach (var info in listing)
        {
            all.Add(info);
        }

        return all;
    }
}
