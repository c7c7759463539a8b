using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Garbage;

/// <summary>A pack nobody refers to, or (with <paramref name="Entries"/>) entries of it nobody refers to. Writers do not build on it.</summary>
internal sealed record CondemnedPack(ulong Writer, uint Pack, uint[] Entries)
{
    public bool IsWhole => Entries.Length == 0;

    public static byte[] Encode(IReadOnlyCollection<CondemnedPack> packs)
    {
        var writer = new ByteWriter(1 << 12);
        foreach (var pack in packs)
        {
            writer.Fixed(pack.Writer);
            writer.Number((ulong)pack.Pack);
            writer.Number(pack.Entries.Length);
            uint next = 0;
            foreach (var entry in pack.Entries)
            {
                writer.Number((ulong)(entry - next));
                next = entry + 1;
            }
        }

        return writer.Span.ToArray();
    }

    public static List<CondemnedPack> Decode(ReadOnlySpan<byte> plain, string name)
    {
        var reader = new ByteReader(plain, name);
        var packs = new List<CondemnedPack>();
        while (!reader.IsAtEnd)
        {
            var writer = reader.Fixed();
            var pack = (uint)reader.Number();
            var entries = new uint[reader.Count()];
            uint next = 0;
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = next += (uint)reader.Number();
                next++;
            }

            packs.Add(new CondemnedPack(writer, pack, entries));
        }

        return packs;
    }
}
