using System.Runtime.InteropServices;

namespace DrMesh.Engines.Repository.Compression;

/// <summary>One reusable zstd compression context. For one caller at a time.</summary>
internal sealed class ZstdCompressor : SafeHandle
{
    public ZstdCompressor(int level)
        : base(0, ownsHandle: true)
    {
        SetHandle(Zstd.CreateCompressor());
        Zstd.SetParameter(handle, Zstd.CompressionLevelParameter, level);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The most bytes <paramref name="length"/> bytes can become.</summary>
    public static int Bound(int length) => (int)Zstd.Bound((nuint)length);

    /// <summary>Compresses into one frame; returns its length, or -1 when <paramref name="target"/> is too small.</summary>
    public unsafe int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            var written = Zstd.Compress(handle, to, (nuint)target.Length, from, (nuint)source.Length);
            return Zstd.IsError(written) != 0 ? -1 : (int)written;
        }
    }

    protected override bool ReleaseHandle() => Zstd.FreeCompressor(handle) == 0;
}
