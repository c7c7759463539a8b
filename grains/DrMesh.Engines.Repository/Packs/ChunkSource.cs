using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Packs;

/// <summary>Reads single chunks, from the first tier where that succeeds.</summary>
internal sealed class ChunkSource
{
    private readonly TierSet _tiers;

    /// <param name="tiers">The repository.</param>
    /// <param name="only">One tier; null: all of them.</param>
    public ChunkSource(TierSet tiers, Tier? only = null)
    {
        _tiers = tiers;
        IEnumerable<Tier> used = only is null ? tiers.All : [only];
        Directories = [.. used.Select(tier => new PackDirectory(tiers, tier))];
    }

    /// <summary>One a tier, preferred first.</summary>
    public IReadOnlyList<PackDirectory> Directories { get; }

    public async Task<byte[]> ReadAsync(ChunkRef chunk, CancellationToken cancellationToken)
    {
        DrMeshException? first = null;
        foreach (var directory in Directories)
        {
            try
            {
                return await ReadFromAsync(directory, chunk, cancellationToken);
            }
            catch (DrMeshException failure) when (RepositoryErrors.IsStoreFault(failure.Code))
            {
                first ??= failure;
            }
        }

        ExceptionDispatchInfo.Throw(first!);
        throw first!;
    }

    private async Task<byte[]> ReadFromAsync(PackDirectory directory, ChunkRef chunk, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var pack = await directory.OpenAsync(chunk.Writer, chunk.Pack, cancellationToken);
            var name = directory.Tier.NameOf(pack.Key);
            var entry = PackIndex.Find(pack.Entries, chunk.Entry) ?? throw RepositoryErrors.Damaged(name, $"it has no entry {chunk.Entry}");
            var frame = GC.AllocateUninitializedArray<byte>(entry.FrameLength);
            try
            {
                await directory.Tier.Store.ReadExactlyAsync(pack.Key, entry.Offset, frame, cancellationToken);
            }
            catch (DrMeshException missing) when (missing.Code == DrMeshError.RepositoryObjectMissing && !isRetry)
            {
                directory.Forget(chunk.Writer, chunk.Pack);
                continue;
            }

            var key = await _tiers.DataKeyAsync(chunk.Writer, cancellationToken);
            using var cipher = new AesGcm(key.ChunkKey, FrameHeader.TagLength);
            using var opener = new FrameOpener();
            var plain = GC.AllocateUninitializedArray<byte>(entry.PlainLength);
            return opener.Open(cipher, frame, entry.Id, plain) is { } fault ? throw RepositoryErrors.Damaged(name, fault) : plain;
        }
    }
}
