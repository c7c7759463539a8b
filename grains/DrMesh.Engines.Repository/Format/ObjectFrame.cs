using System.IO.Hashing;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Repository.Format;

/// <summary>What every object begins and ends with: eight bytes of kind and version, and a checksum (XXH3, 128 bits) over all before it.</summary>
internal static class ObjectFrame
{
    public const int HeaderLength = 8;
    public const int ChecksumLength = 16;
    public const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "DrMesh"u8;

    public static void WriteHeader(Span<byte> target, ObjectKind kind)
    {
        Magic.CopyTo(target);
        target[6] = (byte)kind;
        target[7] = Version;
    }

    /// <summary>Wraps <paramref name="body"/> as a whole object.</summary>
    public static byte[] Wrap(ObjectKind kind, ReadOnlySpan<byte> body)
    {
        var whole = new byte[HeaderLength + body.Length + ChecksumLength];
        WriteHeader(whole, kind);
        body.CopyTo(whole.AsSpan(HeaderLength));
        XxHash128.Hash(whole.AsSpan(0, whole.Length - ChecksumLength), whole.AsSpan(whole.Length - ChecksumLength));
        return whole;
    }

    /// <summary>The body of a whole object, its kind and checksum checked.</summary>
    public static ReadOnlyMemory<byte> Unwrap(ObjectKind kind, ReadOnlyMemory<byte> whole, string name)
    {
        CheckHeader(kind, whole.Span, name);
        var body = whole[HeaderLength..^ChecksumLength];
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        XxHash128.Hash(whole.Span[..^ChecksumLength], checksum);
        return checksum.SequenceEqual(whole.Span[^ChecksumLength..])
            ? body
            : throw RepositoryErrors.Damaged(name, "its checksum is wrong");
    }

    public static void CheckHeader(ObjectKind kind, ReadOnlySpan<byte> start, string name)
    {
        if (start.Length < HeaderLength + ChecksumLength)
        {
            throw RepositoryErrors.Damaged(name, $"it ends after {start.Length} bytes");
        }

        if (!start[..6].SequenceEqual(Magic) || start[6] != (byte)kind)
        {
            throw RepositoryErrors.Damaged(name, "it does not begin as an object of its kind");
        }

        if (start[7] > Version)
        {
            throw new DrMeshException(
                DrMeshError.RepositoryFormatNewer, $"{name} has format version {start[7]}, this program reads up to {Version}", "use a newer DrMesh");
        }
    }
}
