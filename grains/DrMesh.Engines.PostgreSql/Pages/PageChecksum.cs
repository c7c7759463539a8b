using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DrMesh.Engines.PostgreSql.Pages;

/// <summary>
/// PostgreSQL's page checksum: 32 FNV-1a-like sums side by side over the page's 32-bit words, mixed twice with zeros, folded, combined with the block number and
/// brought into 1…65535. Source: the server's <c>checksum_impl.h</c>. The sums are independent, so vectors of any width give the same result.
/// </summary>
internal static class PageChecksum
{
    private const uint Prime = 16777619;
    private const int Sums = 32;

    private static readonly uint[] Offsets =
    [
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756,
    ];

    /// <summary>The checksum of a page that stands at <paramref name="block"/> of its relation; the stored one counts as zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ushort Compute(ReadOnlySpan<byte> page, uint block)
    {
        ref var words = ref Unsafe.As<byte, uint>(ref MemoryMarshal.GetReference(page));
        ref var offsets = ref MemoryMarshal.GetArrayDataReference(Offsets);
        var a = Vector256.LoadUnsafe(ref offsets, 0);
        var b = Vector256.LoadUnsafe(ref offsets, 8);
        var c = Vector256.LoadUnsafe(ref offsets, 16);
        var d = Vector256.LoadUnsafe(ref offsets, 24);

        // The third word holds the checksum in its low half; it is taken as zero.
        var first = Vector256.LoadUnsafe(ref words, 0);
        a = Mix(a, first.WithElement(2, first.GetElement(2) & 0xFFFF0000));
        b = Mix(b, Vector256.LoadUnsafe(ref words, 8));
        c = Mix(c, Vector256.LoadUnsafe(ref words, 16));
        d = Mix(d, Vector256.LoadUnsafe(ref words, 24));
        for (nuint word = Sums; word < PageFormat.Size / sizeof(uint); word += Sums)
        {
            a = Mix(a, Vector256.LoadUnsafe(ref words, word));
            b = Mix(b, Vector256.LoadUnsafe(ref words, word + 8));
            c = Mix(c, Vector256.LoadUnsafe(ref words, word + 16));
            d = Mix(d, Vector256.LoadUnsafe(ref words, word + 24));
        }

        for (var round = 0; round < 2; round++)
        {
            a = Mix(a, Vector256<uint>.Zero);
            b = Mix(b, Vector256<uint>.Zero);
            c = Mix(c, Vector256<uint>.Zero);
            d = Mix(d, Vector256<uint>.Zero);
        }

        var folded = a ^ b ^ c ^ d;
        var sum = block;
        for (var lane = 0; lane < Vector256<uint>.Count; lane++)
        {
            sum ^= folded.GetElement(lane);
        }

        return (ushort)((sum % 65535) + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Mix(Vector256<uint> sum, Vector256<uint> value)
    {
        var mixed = sum ^ value;
        return (mixed * Prime) ^ Vector256.ShiftRightLogical(mixed, 17);
    }
}
