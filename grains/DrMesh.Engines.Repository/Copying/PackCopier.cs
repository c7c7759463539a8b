using System.IO.Hashing;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Copying;

/// <summary>Brings packs, and the keys that open them, from the tiers that have them to one that lacks them; and extends the object locks of those it has.</summary>
internal sealed class PackCopier(TierSet tiers, TimeProvider time)
{
    private const int AtOnce = 4;

    /// <summary>Told of each object written, with its length.</summary>
    public Action<long>? OnWritten { get; init; }

    /// <summary>Makes sure that <paramref name="target"/> has all the packs; those of <paramref name="except"/> are known to be there.</summary>
    public async Task EnsureAsync(Tier target, IReadOnlyDictionary<ulong, uint[]> packs, ulong? except, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            packs.Where(pair => pair.Key != except), options, async (pair, token) => await EnsureWriterAsync(target, pair.Key, pair.Value, token));
    }

    /// <summary>Copies one object byte by byte; its checksum is checked on the way. False: the target had it meanwhile.</summary>
    public async Task<bool> CopyAsync(Tier source, Tier target, string key, long length, CancellationToken cancellationToken)
    {
        await using var upload = await target.Store.BeginUploadAsync(key, cancellationToken);
        var buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(length, IObjectUpload.PartSize));
        var checksum = new XxHash128();
        for (long offset = 0; offset < length;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - offset));
            await source.Store.ReadExactlyAsync(key, offset, part, cancellationToken);
            offset += part.Length;
            checksum.Append(part.Span[..Math.Max(0, (int)Math.Min(part.Length, length - ObjectFrame.ChecksumLength - offset + part.Length))]);
            if (offset == length)
            {
                await CheckAsync(source, key, length, checksum, cancellationToken);
            }

            await upload.WriteAsync(part, cancellationToken);
        }

        var written = await upload.CompleteAsync(cancellationToken);
        if (written)
        {
            OnWritten?.Invoke(length);
        }

        return written;
    }

    private async Task EnsureWriterAsync(Tier target, ulong writer, uint[] packs, CancellationToken cancellationToken)
    {
        var there = await new PackDirectory(tiers, target).ListAsync(writer, cancellationToken);
        if (packs.Any(pack => !there.ContainsKey(pack)))
        {
            await EnsureKeyAsync(target, writer, cancellationToken);
        }

        var until = target.LockFor is { } length ? time.GetUtcNow() + length : (DateTimeOffset?)null;
        foreach (var pack in packs)
        {
            if (!there.TryGetValue(pack, out var found))
            {
                await CopyFromAnyAsync(target, writer, pack, cancellationToken);
            }
            else if (until is { } end)
            {
                // An older backup's lock must hold as long as the backup that now needs the pack.
                await target.Store.LockAsync(ObjectNames.Pack(writer, pack, found.Generation), end, cancellationToken);
            }
        }
    }

    private async Task EnsureKeyAsync(Tier target, ulong writer, CancellationToken cancellationToken)
    {
        var name = ObjectNames.Writer(writer);
        if (await target.Store.StatAsync(ObjectNames.Key(name, target.Keys.KeyId), cancellationToken) is null)
        {
            var key = await tiers.DataKeyAsync(writer, cancellationToken);
            await target.WriteKeyAsync(tiers.Head.Id, name, key.Bytes, cancellationToken);
        }
    }

    private async Task CopyFromAnyAsync(Tier target, ulong writer, uint pack, CancellationToken cancellationToken)
    {
        DrMeshException? damage = null;
        foreach (var source in tiers.All.Where(tier => tier != target))
        {
            try
            {
                var there = await new PackDirectory(tiers, source).ListAsync(writer, cancellationToken);
                if (there.TryGetValue(pack, out var found))
                {
                    await CopyAsync(source, target, ObjectNames.Pack(writer, pack, found.Generation), found.Length, cancellationToken);
                    return;
                }
            }
            catch (DrMeshException failure) when (failure.Code is DrMeshError.RepositoryObjectDamaged or DrMeshError.RepositoryUnreachable)
            {
                damage = failure;
            }
        }

        throw damage ?? RepositoryErrors.Missing(target.NameOf(ObjectNames.Pack(writer, pack)));
    }

    private static async Task CheckAsync(Tier source, string key, long length, XxHash128 checksum, CancellationToken cancellationToken)
    {
        var stored = new byte[ObjectFrame.ChecksumLength];
        await source.Store.ReadExactlyAsync(key, Math.Max(0, length - stored.Length), stored, cancellationToken);
        if (!checksum.GetCurrentHash().AsSpan().SequenceEqual(stored))
        {
            throw RepositoryErrors.Damaged(source.NameOf(key), "its checksum is wrong");
        }
    }
}
