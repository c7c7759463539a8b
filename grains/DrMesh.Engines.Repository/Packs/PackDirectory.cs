using System.Buffers.Binary;
using System.Collections.Concurrent;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Repository.Crypto;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Packs;

/// <summary>Finds and opens packs in one tier. A writer's packs are listed once; of a compacted pack the newest generation counts. The indexes of packs last opened are kept.</summary>
internal sealed class PackDirectory(TierSet tiers, Tier tier)
{
    private const int TailLength = 64 << 10;
    private const int KeptIndexes = 256;
    private readonly ConcurrentDictionary<ulong, Lazy<Task<Dictionary<uint, (uint Generation, long Length)>>>> _writers = new();
    private readonly ConcurrentDictionary<(ulong, uint), StoredPack> _opened = new();

    public Tier Tier { get; } = tier;

    /// <summary>Opens a pack. A pack compacted since the listing is found again.</summary>
    public async Task<StoredPack> OpenAsync(ulong writer, uint pack, CancellationToken cancellationToken)
    {
        if (_opened.TryGetValue((writer, pack), out var opened))
        {
            return opened;
        }

        try
        {
            opened = await OpenListedAsync(writer, pack, cancellationToken);
        }
        catch (DrMeshException missing) when (missing.Code == DrMeshError.RepositoryObjectMissing)
        {
            _writers.TryRemove(writer, out _);
            opened = await OpenListedAsync(writer, pack, cancellationToken);
        }

        if (_opened.Count >= KeptIndexes)
        {
            _opened.Clear();
        }

        _opened[(writer, pack)] = opened;
        return opened;
    }

    /// <summary>Forgets a pack whose object went away, so that the next <see cref="OpenAsync"/> lists anew.</summary>
    public void Forget(ulong writer, uint pack)
    {
        _opened.TryRemove((writer, pack), out _);
        _writers.TryRemove(writer, out _);
    }

    /// <summary>A writer's packs in this tier with the newest generation and length of each.</summary>
    public Task<Dictionary<uint, (uint Generation, long Length)>> ListAsync(ulong writer, CancellationToken cancellationToken)
    {
        var listed = _writers.GetOrAdd(writer, id => new(() => ListCoreAsync(id, cancellationToken)));
        if (listed.Value.IsFaulted || listed.Value.IsCanceled)
        {
            _writers.TryRemove(KeyValuePair.Create(writer, listed));
        }

        return listed.Value;
    }

    /// <summary>Reads the index of a pack object.</summary>
    public static async Task<StoredPack> ReadIndexAsync(
        Tier tier, DataKey key, (ulong Writer, uint Pack, uint Generation) pack, long length, CancellationToken cancellationToken)
    {
        var objectKey = ObjectNames.Pack(pack.Writer, pack.Pack, pack.Generation);
        var name = tier.NameOf(objectKey);
        var tail = new byte[(int)Math.Min(length, TailLength)];
        await tier.Store.ReadExactlyAsync(objectKey, length - tail.Length, tail, cancellationToken);
        var indexLength = tail.Length < PackIndex.TrailerLength ? -1 : BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(tail.Length - PackIndex.TrailerLength));
        if (indexLength < 0 || indexLength > length - PackIndex.TrailerLength - ObjectFrame.HeaderLength)
        {
            throw RepositoryErrors.Damaged(name, "the length of its index cannot be");
        }

        if (indexLength + PackIndex.TrailerLength > tail.Length)
        {
            tail = new byte[indexLength + PackIndex.TrailerLength];
            await tier.Store.ReadExactlyAsync(objectKey, length - tail.Length, tail, cancellationToken);
        }

        var frame = tail.AsSpan(tail.Length - PackIndex.TrailerLength - indexLength, indexLength);
        var entries = PackIndex.Open(key, pack.Pack, pack.Generation, frame, name);
        return new StoredPack(objectKey, pack.Writer, pack.Pack, pack.Generation, length, entries);
    }

    private async Task<StoredPack> OpenListedAsync(ulong writer, uint pack, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(writer, cancellationToken);
        if (!listed.TryGetValue(pack, out var found))
        {
            throw RepositoryErrors.Missing(Tier.NameOf(ObjectNames.Pack(writer, pack)));
        }

        var key = await tiers.DataKeyAsync(writer, cancellationToken);
        return await ReadIndexAsync(Tier, key, (writer, pack, found.Generation), found.Length, cancellationToken);
    }

    private async Task<Dictionary<uint, (uint Generation, long Length)>> ListCoreAsync(ulong writer, CancellationToken cancellationToken)
    {
        var packs = new Dictionary<uint, (uint Generation, long Length)>();
        await foreach (var info in Tier.Store.ListAsync(ObjectNames.PacksOf(writer), null, cancellationToken))
        {
            // The listing is ordinal: a later generation comes after an earlier one.
            if (ObjectNames.ParsePack(info.Key) is { } pack)
            {
                packs[pack.Pack] = (pack.Generation, info.Length);
            }
        }

        return packs;
    }
}
