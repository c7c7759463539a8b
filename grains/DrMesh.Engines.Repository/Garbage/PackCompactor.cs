using System.Buffers.Binary;
using System.IO.Hashing;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Garbage;

/// <summary>
/// Writes a pack's next generation without some entries. The others keep their numbers and their bytes, so every backup's references stay right; a reader takes the newest
/// generation there is.
/// </summary>
internal sealed class PackCompactor(TierSet tiers, Tier tier)
{
    /// <summary>Writes the next generation; returns its length.</summary>
    public async Task<long> CompactAsync(StoredPack pack, HashSet<uint> dead, CancellationToken cancellationToken)
    {
        var generation = pack.Generation + 1;
        var kept = pack.Entries.Where(entry => !dead.Contains(entry.Entry)).ToArray();
        await using var upload = await tier.Store.BeginUploadAsync(ObjectNames.Pack(pack.Writer, pack.Pack, generation), cancellationToken);
        var output = new PartOutput(upload);
        var header = new byte[ObjectFrame.HeaderLength];
        ObjectFrame.WriteHeader(header, ObjectKind.Pack);
        await output.WriteAsync(header, cancellationToken);
        var moved = new PackEntry[kept.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            var frame = new byte[kept[i].FrameLength];
            await tier.Store.ReadExactlyAsync(pack.Key, kept[i].Offset, frame, cancellationToken);
            moved[i] = kept[i] with { Offset = output.Length };
            await output.WriteAsync(frame, cancellationToken);
        }

        var key = await tiers.DataKeyAsync(pack.Writer, cancellationToken);
        var index = PackIndex.Seal(key, pack.Pack, generation, moved);
        await output.WriteAsync(index, cancellationToken);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, index.Length);
        await output.WriteAsync(length, cancellationToken);
        await output.FinishAsync(cancellationToken);

        // False: another run at the same time wrote it, from the same list.
        await upload.CompleteAsync(cancellationToken);
        return output.Length;
    }

    private sealed class PartOutput(IObjectUpload upload)
    {
        private readonly byte[] _part = new byte[IObjectUpload.PartSize];
        private readonly XxHash128 _checksum = new();
        private int _used;

        public long Length { get; private set; }

        public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            _checksum.Append(bytes.Span);
            await AppendAsync(bytes, cancellationToken);
        }

        public async Task FinishAsync(CancellationToken cancellationToken)
        {
            await AppendAsync(_checksum.GetCurrentHash(), cancellationToken);
            await upload.WriteAsync(_part.AsMemory(0, _used), cancellationToken);
        }

        private async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            Length += bytes.Length;
            while (!bytes.IsEmpty)
            {
                if (_used == _part.Length)
                {
                    await upload.WriteAsync(_part, cancellationToken);
                    _used = 0;
                }

                var length = Math.Min(bytes.Length, _part.Length - _used);
                bytes[..length].CopyTo(_part.AsMemory(_used));
                _used += length;
                bytes = bytes[length..];
            }
        }
    }
}
