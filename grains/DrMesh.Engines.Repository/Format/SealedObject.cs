using System.Security.Cryptography;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Crypto;

namespace DrMesh.Engines.Repository.Format;

/// <summary>
/// An object whose whole content is encrypted under a key of its own, derived from the repository's secret, the object's name and a random salt: header, salt, frames, checksum.
/// A manifest also has a signature between the frames and the checksum.
/// </summary>
internal static class SealedObject
{
    private const int SaltLength = 16;
    private const int SignatureLength = 32;

    public static byte[] Seal(ObjectKind kind, string name, RepositorySecret secret, ReadOnlySpan<byte> plain, int compressionLevel = 3)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var signatureLength = SignatureOf(kind);
        var body = new ByteWriter(plain.Length / 2);
        body.Bytes(salt);
        using var sealer = new FrameSealer(secret.ObjectKey(name, salt), compressionLevel);
        ulong sequence = 0;
        do
        {
            var part = plain[..Math.Min(plain.Length, ChunkSize.Usual)];
            plain = plain[part.Length..];
            body.Bytes(sealer.Seal(part, sequence++, default, isLast: plain.IsEmpty));
        }
        while (!plain.IsEmpty);
        if (signatureLength > 0)
        {
            Span<byte> signature = stackalloc byte[SignatureLength];
            secret.Sign(body.Span, signature);
            body.Bytes(signature);
        }

        return ObjectFrame.Wrap(kind, body.Span);
    }

    public static byte[] Open(ObjectKind kind, string name, RepositorySecret secret, ReadOnlyMemory<byte> whole)
    {
        var body = ObjectFrame.Unwrap(kind, whole, name).Span;
        if (body.Length < SaltLength + SignatureOf(kind))
        {
            throw RepositoryErrors.Damaged(name, "it ends too early");
        }

        if (SignatureOf(kind) > 0)
        {
            if (!secret.IsSigned(body[..^SignatureLength], body[^SignatureLength..]))
            {
                throw RepositoryErrors.Damaged(name, "its signature is wrong");
            }

            body = body[..^SignatureLength];
        }

        using var cipher = new AesGcm(secret.ObjectKey(name, body[..SaltLength]), FrameHeader.TagLength);
        return OpenFrames(cipher, body[SaltLength..], name);
    }

    private static byte[] OpenFrames(AesGcm cipher, ReadOnlySpan<byte> frames, string name)
    {
        var plain = new byte[Measure(frames, name)];
        using var opener = new FrameOpener();
        var written = 0;
        for (ulong sequence = 0; !frames.IsEmpty; sequence++)
        {
            var header = FrameHeader.Read(frames);
            var fault = header.Sequence == sequence
                ? opener.Open(cipher, frames[..header.FrameLength], default, plain.AsSpan(written, header.PlainLength))
                : "its frames are not in order";
            if (fault is not null)
            {
                throw RepositoryErrors.Damaged(name, fault);
            }

            written += header.PlainLength;
            frames = frames[header.FrameLength..];
        }

        return plain;
    }

    private static int Measure(ReadOnlySpan<byte> frames, string name)
    {
        long length = 0;
        var isLast = false;
        while (!frames.IsEmpty)
        {
            var header = frames.Length >= FrameHeader.Length && !isLast ? FrameHeader.Read(frames) : default;
            if (!header.IsPlausible || header.FrameLength > frames.Length || header.Sequence == 0 && length > 0)
            {
                throw RepositoryErrors.Damaged(name, "a frame's header is wrong");
            }

            length += header.PlainLength;
            isLast = header.IsLast;
            frames = frames[header.FrameLength..];
        }

        return isLast && length <= Array.MaxLength ? (int)length : throw RepositoryErrors.Damaged(name, "its last frame is missing");
    }

    private static int SignatureOf(ObjectKind kind) => kind == ObjectKind.Manifest ? SignatureLength : 0;
}
