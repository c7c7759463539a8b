using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Crypto;
using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Packs;

/// <summary>
/// Puts sealed chunks one behind the other into packs and hands the parts to every tier's pump, the same bytes to each. Callers meet here only for the copy of compressed bytes.
/// </summary>
internal sealed class PackAssembler(ulong writer, DataKey key, PartPool pool, IReadOnlyList<PackPump> pumps)
{
    /// <summary>A pack is ended once it is this long: large enough for few requests, small enough to verify and repair in pieces.</summary>
    public const int PackLength = 32 << 20;

    /// <summary>Of these the index at the end stays one frame.</summary>
    private const int MostEntries = 65_536;

    private readonly Lock _lock = new();
    private readonly Dictionary<ChunkId, ChunkRef> _added = [];
    private readonly List<PackEntry> _entries = [];
    private readonly XxHash128 _checksum = new();
    private PartBuffer? _part;
    private uint _pack;
    private long _length;

    /// <summary>Called with each finished pack's number and entries, under the assembler's lock.</summary>
    public Action<uint, IReadOnlyList<PackEntry>>? OnPackEnded { get; init; }

    /// <summary>Chunks remembered for finding repeats inside this backup; beyond that a repeat is stored again, so that memory stays bounded.</summary>
    public int MostRemembered { get; init; } = 1 << 20;

    public long StoredBytes { get; private set; }

    public bool TryFind(ChunkId id, out ChunkRef chunk)
    {
        lock (_lock)
        {
            return _added.TryGetValue(id, out chunk);
        }
    }

    /// <summary>Appends a sealed chunk; when another caller was faster with the same content, its place is returned and nothing is appended.</summary>
    public ChunkRef Append(ReadOnlySpan<byte> frame, ChunkId id, int plainLength, ulong fingerprint)
    {
        lock (_lock)
        {
            if (_added.TryGetValue(id, out var known))
            {
                return known;
            }

            if (_length == 0)
            {
                Span<byte> header = stackalloc byte[ObjectFrame.HeaderLength];
                ObjectFrame.WriteHeader(header, ObjectKind.Pack);
                Write(header);
            }

            var chunk = new ChunkRef(writer, _pack, (uint)_entries.Count);
            _entries.Add(new PackEntry(chunk.Entry, _length, frame.Length, plainLength, id, fingerprint));
            Write(frame);
            if (_added.Count < MostRemembered)
            {
                _added.Add(id, chunk);
            }

            if (_length >= PackLength || _entries.Count == MostEntries)
            {
                End();
            }

            return chunk;
        }
    }

    /// <summary>Ends the pack under way, if there is one.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            if (_length > 0)
            {
                End();
            }
        }
    }

    private void End()
    {
        var index = PackIndex.Seal(key, _pack, generation: 0, CollectionsMarshal.AsSpan(_entries));
        Write(index);
        Span<byte> trailer = stackalloc byte[PackIndex.TrailerLength];
        BinaryPrimitives.WriteInt32LittleEndian(trailer, index.Length);
        Write(trailer[..4]);
        _checksum.GetHashAndReset(trailer[4..]);
        Write(trailer[4..], hashed: false);
        Ship(isLast: true);
        StoredBytes += _length;
        OnPackEnded?.Invoke(_pack, _entries);
        _entries.Clear();
        _length = 0;
        _pack++;
    }

    private void Write(ReadOnlySpan<byte> bytes, bool hashed = true)
    {
        if (hashed)
        {
            _checksum.Append(bytes);
        }

        _length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            _part ??= pool.Take();
            var length = Math.Min(bytes.Length, _part.Free);
            bytes[..length].CopyTo(_part.Bytes.AsSpan(_part.Used));
            _part.Used += length;
            bytes = bytes[length..];
            if (_part.Free == 0 && !bytes.IsEmpty)
            {
                Ship(isLast: false);
            }
        }
    }

    private void Ship(bool isLast)
    {
        var part = new PackPart(ObjectNames.Pack(writer, _pack), _part!, isLast);
        _part = null;
        part.Buffer.ShareWith(pumps.Count);
        foreach (var pump in pumps)
        {
            pump.Add(part);
        }
    }
}
