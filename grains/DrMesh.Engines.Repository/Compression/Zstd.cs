using System.Runtime.InteropServices;

namespace DrMesh.Engines.Repository.Compression;

/// <summary>The native zstd library that the ZstdNet package brings; called directly so that contexts and buffers are reused without copies.</summary>
internal static partial class Zstd
{
    public const int CompressionLevelParameter = 100;

    [LibraryImport("libzstd", EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateCompressor();

    [LibraryImport("libzstd", EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCompressor(nint context);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nuint SetParameter(nint context, int parameter, int value);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_compress2")]
    public static unsafe partial nuint Compress(nint context, byte* target, nuint targetLength, byte* source, nuint sourceLength);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_compressBound")]
    public static partial nuint Bound(nuint sourceLength);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateDecompressor();

    [LibraryImport("libzstd", EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDecompressor(nint context);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_decompressDCtx")]
    public static unsafe partial nuint Decompress(nint context, byte* target, nuint targetLength, byte* source, nuint sourceLength);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_isError")]
    public static partial uint IsError(nuint code);
}
