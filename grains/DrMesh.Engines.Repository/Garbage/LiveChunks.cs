using System.Collections;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Backups;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Garbage;

/// <summary>What the backups of a tier refer to: packs, and of each pack the entries, one bit an entry.</summary>
internal sealed class LiveChunks
{
    private readonly Dictionary<(ulong Writer, uint Pack), BitArray> _packs = [];

    public bool Contains(ulong writer, uint pack) => _packs.ContainsKey((writer, pack));

    public bool Contains(ulong writer, uint pack, uint entry) =>
        _packs.TryGetValue((writer, pack), out var entries) && entry < entries.Length && entries[(int)entry];

    public bool ContainsWriter(ulong writer) => _packs.Keys.Any(key => key.Writer == writer);

    public static async Task<LiveChunks> ReadAsync(TierSet tiers, Tier tier, bool withEntries, CancellationToken cancellationToken)
    {
        var live = new LiveChunks();
        var manifests = new ManifestReader(tiers);
        await foreach (var info in tier.Store.ListAsync(ObjectNames.Backups, null, cancellationToken))
        {
            // A manifest that cannot be read stops the collection: what it needs is not known.
            var id = new BackupId(info.Key[ObjectNames.Backups.Length..]);
            if (await manifests.TryReadAsync(tier, id, cancellationToken) is not { } manifest)
            {
                continue;
            }

            foreach (var (writer, packs) in manifest.Packs)
            {
                foreach (var pack in packs)
                {
                    live._packs.TryAdd((writer, pack), new BitArray(0));
                }
            }

            if (withEntries)
            {
                foreach (var chunk in manifest.Tree.Concat(manifest.PathIndex.Select(index => index.Block)).SelectMany(block => block.Chunks))
                {
                    live.Add(chunk);
                }

                await using var reader = new BackupReader(tiers, manifest, [tier.Name], tier.NameOf(info.Key), new ChunkSource(tiers));
                await live.AddAsync(reader, cancellationToken);
            }
        }

        return live;
    }

    private async Task AddAsync(BackupReader reader, CancellationToken cancellationToken)
    {
        await foreach (var file in reader.FilesAsync(cancellationToken))
        {
            foreach (var extent in file.Extents.Span)
            {
                Add(extent.Source.Chunk);
            }

            foreach (var slice in file.Notes.Span)
            {
                Add(slice.Chunk);
            }
        }
    }

    private void Add(ChunkRef chunk)
    {
        if (chunk == ChunkRef.Zeros)
        {
            return;
        }

        if (!_packs.TryGetValue((chunk.Writer, chunk.Pack), out var entries))
        {
            _packs.Add((chunk.Writer, chunk.Pack), entries = new BitArray(0));
        }

        if (chunk.Entry >= entries.Length)
        {
            entries.Length = (int)Math.Max(chunk.Entry + 1, 2L * entries.Length);
        }

        entries[(int)chunk.Entry] = true;
    }
}
