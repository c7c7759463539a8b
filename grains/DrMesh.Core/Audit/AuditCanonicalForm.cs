using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DrMesh.Core.Audit;

/// <summary>
/// The bytes a row's hash is taken over. Every text is preceded by its length, so no two rows have one form; numbers are big-endian. In order:
/// the label, the previous hash (32 bytes), sequence (8), time in microseconds since 1970 (8), operation (16), then actor, action, target, reason,
/// outcome and detail, each as a 4-byte length and UTF-8. Anybody can compute it again from the table alone.
/// </summary>
public static class AuditCanonicalForm
{
    private static ReadOnlySpan<byte> Label => "drmesh.audit.1\n"u8;

    /// <summary>SHA-256 of the form of a row.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> previousHash, long sequence, DateTimeOffset at, AuditRecord record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Label);
        hash.AppendData(previousHash);
        AppendNumber(hash, sequence);
        AppendNumber(hash, (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        hash.AppendData(record.Operation.ToByteArray(bigEndian: true));
        AppendText(hash, record.Actor);
        AppendText(hash, record.Action);
        AppendText(hash, record.Target);
        AppendText(hash, record.Reason);
        AppendText(hash, record.Outcome.ToString());
        AppendText(hash, record.Detail);
        return hash.GetHashAndReset();
    }

    private static void AppendNumber(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
