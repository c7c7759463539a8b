using System.Buffers.Binary;
using System.Security.Cryptography;
using DrMesh.Engines.Repository.Compression;

namespace DrMesh.Engines.Repository.Format;

/// <summary>Opens frames. The context is reused; for one caller at a time.</summary>
internal sealed class FrameOpener : IDisposable
{
    private readonly ZstdDecompressor _decompressor = new();
    private byte[] _compressed = [];

    /// <summary>
    /// Decrypts and decompresses a whole frame into <paramref name="target"/>, which must be as long as its plain length. Returns null, or what is wrong with it.
    /// </summary>
    public string? Open(AesGcm cipher, ReadOnlySpan<byte> frame, ChunkId id, Span<byte> target)
    {
        var header = FrameHeader.Read(frame);
        if (!header.IsPlausible || header.FrameLength != frame.Length || header.PlainLength != target.Length)
        {
            return "a frame's header is wrong";
        }

        Span<byte> nonce = stackalloc byte[12];
        Span<byte> bound = stackalloc byte[FrameHeader.Length + ChunkId.Length];
        Bind(frame, header.Sequence, id, nonce, bound);
        var content = frame.Slice(FrameHeader.Length, header.StoredLength);
        var tag = frame[^FrameHeader.TagLength..];
        var isRaw = header.Codec == FrameCodec.Raw;
        if (!isRaw && _compressed.Length < header.StoredLength)
        {
            _compressed = GC.AllocateUninitializedArray<byte>(Math.Max(header.StoredLength, 1 << 20));
        }

        var decrypted = isRaw ? target : _compressed.AsSpan(0, header.StoredLength);
        try
        {
            cipher.Decrypt(nonce, content, tag, decrypted, bound);
        }
        catch (AuthenticationTagMismatchException)
        {
            return "a frame is not what was written (authentication failed)";
        }

        return isRaw || _decompressor.TryDecompress(decrypted, target) ? null : "a frame does not decompress";
    }

    public void Dispose() => _decompressor.Dispose();

    /// <summary>The nonce and the associated data of a frame: its header and what it is bound to.</summary>
    internal static void Bind(ReadOnlySpan<byte> frame, ulong sequence, ChunkId id, Span<byte> nonce, Span<byte> bound)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], sequence);
        frame[..FrameHeader.Length].CopyTo(bound);
        id.Write(bound[FrameHeader.Length..]);
    }
}
