using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Dedup;

/// <summary>The ids of one pack's chunks with their entry numbers.</summary>
internal sealed record IndexedPack(ulong Writer, uint Pack, (uint Entry, ChunkId Id)[] Chunks)
{
    public IEnumerable<(ChunkId Id, ChunkRef Chunk)> Refs => Chunks.Select(chunk => (chunk.Id, new ChunkRef(Writer, Pack, chunk.Entry)));
}

/// <summary>
/// An object under <c>indexes/</c>: which chunks some packs hold, so that a writer need not open every pack. Only for finding repeats; restoring never reads it.
/// </summary>
internal static class IndexObject
{
    /// <summary>Chunks an index object names before the next one is begun.</summary>
    public const int ChunksPerObject = 1 << 16;

    public static byte[] Encode(IEnumerable<IndexedPack> packs)
    {
        var writer = new ByteWriter(1 << 16);
        foreach (var pack in packs)
        {
            writer.Fixed(pack.Writer);
            writer.Number((ulong)pack.Pack);
            writer.Number(pack.Chunks.Length);
            uint next = 0;
            foreach (var (entry, id) in pack.Chunks)
            {
                writer.Number((ulong)(entry - next));
                writer.Fixed(id.High);
                writer.Fixed(id.Low);
                next = entry + 1;
            }
        }

        return writer.Span.ToArray();
    }

    public static List<IndexedPack> Decode(ReadOnlySpan<byte> plain, string name)
    {
        var reader = new ByteReader(plain, name);
        var packs = new List<IndexedPack>();
        while (!reader.IsAtEnd)
        {
            var writer = reader.Fixed();
            var pack = (uint)reader.Number();
            var chunks = new (uint Entry, ChunkId Id)[reader.Count()];
            uint next = 0;
            for (var i = 0; i < chunks.Length; i++)
            {
                next += (uint)reader.Number();
                chunks[i] = (next++, new ChunkId(reader.Fixed(), reader.Fixed()));
            }

            packs.Add(new IndexedPack(writer, pack, chunks));
        }

        return packs;
    }

    public static IndexedPack Of(ulong writer, uint pack, IEnumerable<PackEntry> entries) =>
        new(writer, pack, [.. entries.Select(entry => (entry.Entry, entry.Id))]);
}
