using System.Text.Json;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Manifests;

/// <summary>A block of the tree of paths, or of the path index: the chunks it lies in, all but the last of <see cref="ChunkSize.Maximum"/>, and how many bytes it has.</summary>
internal readonly record struct BlockRef(ChunkRef[] Chunks, int Length);

/// <summary>A block of the path index: hashes from <paramref name="FirstHash"/> on.</summary>
internal readonly record struct PathIndexRef(ulong FirstHash, BlockRef Block);

/// <summary>
/// A backup's manifest: the head, the packs the backup needs, the chunks that hold the tree of paths, and those that hold the path index. Small whatever the backup's size;
/// the paths themselves are chunks like any content.
/// </summary>
internal sealed class Manifest
{
    public required ManifestHead Head { get; init; }

    /// <summary>Every pack that holds something of the backup, the tree included.</summary>
    public required IReadOnlyDictionary<ulong, uint[]> Packs { get; init; }

    public required BlockRef[] Tree { get; init; }

    public required PathIndexRef[] PathIndex { get; init; }

    public byte[] Encode()
    {
        var writer = new ByteWriter(64 * 1024);
        var head = JsonSerializer.SerializeToUtf8Bytes(Head, FormatJson.Default.ManifestHead);
        writer.Number(head.Length);
        writer.Bytes(head);
        writer.Number(Packs.Count);
        foreach (var (id, packs) in Packs.OrderBy(pair => pair.Key))
        {
            writer.Fixed(id);
            writer.Number(packs.Length);
            uint next = 0;
            foreach (var pack in packs)
            {
                writer.Number((ulong)(pack - next));
                next = pack + 1;
            }
        }

        writer.Number(Tree.Length);
        foreach (var block in Tree)
        {
            Write(writer, block);
        }

        writer.Number(PathIndex.Length);
        foreach (var (firstHash, block) in PathIndex)
        {
            writer.Fixed(firstHash);
            Write(writer, block);
        }

        return writer.Span.ToArray();
    }

    public static Manifest Decode(ReadOnlySpan<byte> plain, string name)
    {
        var reader = new ByteReader(plain, name);
        var head = DecodeHead(reader.Bytes(reader.Count()), name);
        var packs = new Dictionary<ulong, uint[]>();
        for (var writers = reader.Count(); writers > 0; writers--)
        {
            var id = reader.Fixed();
            var numbers = new uint[reader.Count()];
            uint next = 0;
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = next += (uint)reader.Number();
                next++;
            }

            packs[id] = numbers;
        }

        var tree = new BlockRef[reader.Count()];
        for (var i = 0; i < tree.Length; i++)
        {
            tree[i] = ReadBlock(ref reader);
        }

        var paths = new PathIndexRef[reader.Count()];
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i] = new PathIndexRef(reader.Fixed(), ReadBlock(ref reader));
        }

        return new Manifest { Head = head, Packs = packs, Tree = tree, PathIndex = paths };
    }

    private static ManifestHead DecodeHead(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(json, FormatJson.Default.ManifestHead) ?? throw RepositoryErrors.Damaged(name, "its head is empty");
        }
        catch (JsonException unreadable)
        {
            throw RepositoryErrors.Damaged(name, "its head cannot be read", unreadable);
        }
    }

    private static void Write(ByteWriter writer, BlockRef block)
    {
        writer.Number(block.Length);
        foreach (var chunk in block.Chunks)
        {
            writer.Fixed(chunk.Writer);
            writer.Number((ulong)chunk.Pack);
            writer.Number((ulong)chunk.Entry);
        }
    }

    private static BlockRef ReadBlock(ref ByteReader reader)
    {
        var length = reader.Int();
        var chunks = new ChunkRef[(length + (long)ChunkSize.Maximum - 1) / ChunkSize.Maximum];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = new ChunkRef(reader.Fixed(), (uint)reader.Number(), (uint)reader.Number());
        }

        return new BlockRef(chunks, length);
    }
}
