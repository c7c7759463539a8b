using System.Runtime.InteropServices;

namespace DrMesh.Engines.Repository.Compression;

/// <summary>One reusable zstd decompression context. For one caller at a time.</summary>
internal sealed class ZstdDecompressor : SafeHandle
{
    public ZstdDecompressor()
        : base(0, ownsHandle: true) => SetHandle(Zstd.CreateDecompressor());

    public override bool IsInvalid => handle == 0;

    /// <summary>Decompresses one frame that fills <paramref name="target"/> exactly; false when it does not.</summary>
    public unsafe bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            var written = Zstd.Decompress(handle, to, (nuint)target.Length, from, (nuint)source.Length);
            return Zstd.IsError(written) == 0 && (int)written == target.Length;
        }
    }

    protected override bool ReleaseHandle() => Zstd.FreeDecompressor(handle) == 0;
}
