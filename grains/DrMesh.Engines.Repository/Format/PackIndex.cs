using System.Security.Cryptography;
using DrMesh.Engines.Repository.Crypto;

namespace DrMesh.Engines.Repository.Format;

/// <summary>
/// An entry of a pack as the index at its end tells it. <paramref name="Entry"/> is the entry's number, kept when the pack is compacted;
/// <paramref name="Fingerprint"/> is XXH3 (64 bits) of the plain content: with it a delta restore finds what is right already.
/// </summary>
internal readonly record struct PackEntry(uint Entry, long Offset, int FrameLength, int PlainLength, ChunkId Id, ulong Fingerprint);

/// <summary>The index of a pack, as it stands encrypted at its end, before four bytes of its own length and the object's checksum.</summary>
internal static class PackIndex
{
    /// <summary>What follows the index frame: its length, and the checksum.</summary>
    public const int TrailerLength = 4 + ObjectFrame.ChecksumLength;

    public static byte[] Encode(ReadOnlySpan<PackEntry> entries)
    {
        var writer = new ByteWriter(64 + (entries.Length * 40));
        writer.Number(entries.Length);
        uint next = 0;
        long offset = ObjectFrame.HeaderLength;
        foreach (var entry in entries)
        {
            writer.Number((ulong)(entry.Entry - next));
            writer.Number(entry.Offset - offset);
            writer.Number(entry.FrameLength);
            writer.Number(entry.PlainLength);
            writer.Fixed(entry.Id.High);
            writer.Fixed(entry.Id.Low);
            writer.Fixed(entry.Fingerprint);
            next = entry.Entry + 1;
            offset = entry.Offset + entry.FrameLength;
        }

        return writer.Span.ToArray();
    }

    public static PackEntry[] Decode(ReadOnlySpan<byte> plain, string name)
    {
        var reader = new ByteReader(plain, name);
        var entries = new PackEntry[reader.Count()];
        uint next = 0;
        long offset = ObjectFrame.HeaderLength;
        for (var i = 0; i < entries.Length; i++)
        {
            next += (uint)reader.Number();
            offset += reader.Position();
            var length = reader.Int();
            entries[i] = new PackEntry(next, offset, length, reader.Int(), new ChunkId(reader.Fixed(), reader.Fixed()), reader.Fixed());
            next++;
            offset += length;
        }

        return entries;
    }

    public static byte[] Seal(DataKey key, uint pack, uint generation, ReadOnlySpan<PackEntry> entries)
    {
        using var sealer = new FrameSealer(key.PackIndexKey(pack, generation), compressionLevel: 3);
        return sealer.Seal(Encode(entries), sequence: 0, default, isLast: true).ToArray();
    }

    public static PackEntry[] Open(DataKey key, uint pack, uint generation, ReadOnlySpan<byte> frame, string name)
    {
        if (frame.Length < FrameHeader.Length || !FrameHeader.Read(frame).IsPlausible)
        {
            throw RepositoryErrors.Damaged(name, "its index cannot be read");
        }

        using var cipher = new AesGcm(key.PackIndexKey(pack, generation), FrameHeader.TagLength);
        using var opener = new FrameOpener();
        var plain = new byte[FrameHeader.Read(frame).PlainLength];
        var fault = opener.Open(cipher, frame, default, plain);
        return fault is null ? Decode(plain, name) : throw RepositoryErrors.Damaged(name, "its index: " + fault);
    }

    /// <summary>The entry of number <paramref name="entry"/>, or null.</summary>
    public static PackEntry? Find(PackEntry[] entries, uint entry)
    {
        // Numbers are dense unless the pack was compacted.
        if (entry < entries.Length && entries[entry].Entry == entry)
        {
            return entries[entry];
        }

        int low = 0, high = entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].Entry == entry)
            {
                return entries[middle];
            }

            if (entries[middle].Entry < entry)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return null;
    }
}
