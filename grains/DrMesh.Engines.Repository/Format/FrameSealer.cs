using System.Numerics;
using System.Security.Cryptography;
using DrMesh.Engines.Repository.Compression;

namespace DrMesh.Engines.Repository.Format;

/// <summary>Makes frames: compresses where it pays, encrypts with AES-256-GCM. Buffers and contexts are reused; for one caller at a time.</summary>
internal sealed class FrameSealer : IDisposable
{
    private readonly ZstdCompressor _compressor;
    private readonly AesGcm _cipher;
    private byte[] _compressed = [];
    private byte[] _frame = [];

    public FrameSealer(ReadOnlySpan<byte> key, int compressionLevel)
    {
        _cipher = new AesGcm(key, FrameHeader.TagLength);
        _compressor = new ZstdCompressor(compressionLevel);
    }

    /// <summary>Seals <paramref name="plain"/>; the result is valid until the next call.</summary>
    /// <param name="plain">The content.</param>
    /// <param name="sequence">Never twice the same under one key: it is the nonce.</param>
    /// <param name="id">What the frame is bound to beside its header: a chunk's id, or the object frame's own zeros.</param>
    /// <param name="isLast">Whether it is the object's last frame, so that a cut between frames is noticed.</param>
    public ReadOnlySpan<byte> Seal(ReadOnlySpan<byte> plain, ulong sequence, ChunkId id, bool isLast = false)
    {
        // Content that does not shrink by a thirty-second is kept as it is: decoding it is then free.
        var limit = plain.Length - (plain.Length / 32);
        Grow(ref _compressed, plain.Length);
        var length = _compressor.Compress(plain, _compressed.AsSpan(0, limit));
        var content = length < 0 ? plain : _compressed.AsSpan(0, length);
        var header = new FrameHeader(plain.Length, content.Length, length < 0 ? FrameCodec.Raw : FrameCodec.Zstd, isLast, sequence);
        Grow(ref _frame, header.FrameLength);
        header.Write(_frame);
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> bound = stackalloc byte[FrameHeader.Length + ChunkId.Length];
        FrameOpener.Bind(_frame, sequence, id, nonce, bound);
        _cipher.Encrypt(
            nonce, content, _frame.AsSpan(FrameHeader.Length, content.Length), _frame.AsSpan(FrameHeader.Length + content.Length, FrameHeader.TagLength), bound);
        return _frame.AsSpan(0, header.FrameLength);
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _cipher.Dispose();
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)length));
        }
    }
}
