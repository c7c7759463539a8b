using System.IO.Hashing;
using System.Security.Cryptography;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Verification;

/// <summary>Reads a whole pack once: checks the checksum over all, and as deep as content decodes every entry and compares it with its id and fingerprint. For one caller at a time.</summary>
internal sealed class PackVerifier(TierSet tiers, Tier tier) : IDisposable
{
    private const int ReadLength = 4 << 20;
    private readonly FrameOpener _opener = new();
    private readonly byte[] _plain = GC.AllocateUninitializedArray<byte>(ChunkSize.Maximum);
    private byte[] _stored = GC.AllocateUninitializedArray<byte>(ReadLength);

    /// <summary>Returns the pack's facts, and what is wrong with it or null.</summary>
    public async Task<(PackFacts Facts, string? Fault)> VerifyAsync(
        (ulong Writer, uint Pack, uint Generation) id, long length, VerifyDepth depth, CancellationToken cancellationToken)
    {
        var key = await tiers.DataKeyAsync(id.Writer, cancellationToken);
        var pack = await PackDirectory.ReadIndexAsync(tier, key, id, length, cancellationToken);
        var checksum = new XxHash128();
        var faults = new List<string>();
        using var cipher = new AesGcm(key.ChunkKey, FrameHeader.TagLength);
        await ReadAsync(pack.Key, 0, ObjectFrame.HeaderLength, checksum, cancellationToken);
        ObjectFrame.CheckHeader(ObjectKind.Pack, _stored.AsSpan(0, ObjectFrame.HeaderLength + ObjectFrame.ChecksumLength), tier.NameOf(pack.Key));
        long position = ObjectFrame.HeaderLength;
        for (var begin = 0; begin < pack.Entries.Length;)
        {
            var end = begin;
            var next = position;
            for (; end < pack.Entries.Length && (end == begin || next + pack.Entries[end].FrameLength - position <= ReadLength); end++)
            {
                if (pack.Entries[end].Offset != next)
                {
                    return (new PackFacts(pack.Entries), $"entry {pack.Entries[end].Entry} is not where the one before it ends");
                }

                next += pack.Entries[end].FrameLength;
            }

            await ReadAsync(pack.Key, position, (int)(next - position), checksum, cancellationToken);
            for (; begin < end; begin++)
            {
                var entry = pack.Entries[begin];
                if (depth == VerifyDepth.Content && Check(cipher, entry, _stored.AsSpan((int)(entry.Offset - position), entry.FrameLength)) is { } fault)
                {
                    faults.Add($"entry {entry.Entry}: {fault}");
                }
            }

            position = next;
        }

        await ReadAsync(pack.Key, position, checked((int)(length - position - ObjectFrame.ChecksumLength)), checksum, cancellationToken);
        var stored = new byte[ObjectFrame.ChecksumLength];
        await tier.Store.ReadExactlyAsync(pack.Key, length - stored.Length, stored, cancellationToken);
        if (faults.Count == 0 && !checksum.GetCurrentHash().AsSpan().SequenceEqual(stored))
        {
            faults.Add("its checksum is wrong");
        }

        var facts = new PackFacts(pack.Entries);
        return faults.Count switch { 0 => (facts, null), 1 => (facts, faults[0]), _ => (facts, $"{faults[0]}, and {faults.Count - 1} more") };
    }

    public void Dispose() => _opener.Dispose();

    private string? Check(AesGcm cipher, PackEntry entry, ReadOnlySpan<byte> frame)
    {
        if (entry.PlainLength is < 0 or > ChunkSize.Maximum)
        {
            return $"its length of {entry.PlainLength} cannot be";
        }

        var plain = _plain.AsSpan(0, entry.PlainLength);
        if (_opener.Open(cipher, frame, entry.Id, plain) is { } fault)
        {
            return fault;
        }

        return tiers.Secret.Identify(plain) != entry.Id || XxHash3.HashToUInt64(plain) != entry.Fingerprint ? "its content is not what its id says" : null;
    }

    private async Task ReadAsync(string key, long offset, int length, XxHash128 checksum, CancellationToken cancellationToken)
    {
        if (_stored.Length < length)
        {
            _stored = GC.AllocateUninitializedArray<byte>(length);
        }

        await tier.Store.ReadExactlyAsync(key, offset, _stored.AsMemory(0, length), cancellationToken);
        checksum.Append(_stored.AsSpan(0, length));
    }
}
