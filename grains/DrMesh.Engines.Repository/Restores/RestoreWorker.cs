using System.IO.Hashing;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.Repository.Restores;

/// <summary>
/// One worker of a restore with its own buffers and file handles: reads runs of a pack, decodes each entry once and writes its pieces where they belong. On a delta restore it first
/// looks whether what is there already equals the chunk, and writes only blocks that differ.
/// </summary>
internal sealed class RestoreWorker(TierSet tiers, ChunkSource source, IReadOnlyList<RestoreFile> files, bool delta, RestoreTally tally) : IDisposable
{
    private const int LargestRead = 4 << 20;
    private const int LargestGap = 64 << 10;
    private const int MostHandles = 128;
    private readonly FrameOpener _opener = new();
    private readonly Dictionary<int, SafeFileHandle> _handles = [];
    private readonly byte[] _plain = GC.AllocateUninitializedArray<byte>(ChunkSize.Maximum);
    private byte[] _stored = GC.AllocateUninitializedArray<byte>(LargestRead);
    private byte[] _existing = [];
    private AesGcm? _cipher;
    private ulong _cipherWriter;

    /// <summary>Restores slices of one pack, sorted; from the first tier where that succeeds.</summary>
    public async Task RestoreAsync(ReadOnlyMemory<RestoreSlice> slices, CancellationToken cancellationToken)
    {
        DrMeshException? first = null;
        foreach (var directory in source.Directories)
        {
            try
            {
                await RestoreFromAsync(directory, slices, cancellationToken);
                return;
            }
            catch (DrMeshException failure) when (RepositoryErrors.IsStoreFault(failure.Code))
            {
                first ??= failure;
            }
        }

        ExceptionDispatchInfo.Throw(first!);
    }

    public void Dispose()
    {
        foreach (var handle in _handles.Values)
        {
            handle.Dispose();
        }

        _opener.Dispose();
        _cipher?.Dispose();
    }

    private async Task RestoreFromAsync(PackDirectory directory, ReadOnlyMemory<RestoreSlice> slices, CancellationToken cancellationToken)
    {
        var first = slices.Span[0].Chunk;
        for (var isRetry = false; ; isRetry = true)
        {
            var pack = await directory.OpenAsync(first.Writer, first.Pack, cancellationToken);
            try
            {
                await RestoreFromAsync(directory.Tier, pack, slices, cancellationToken);
                return;
            }
            catch (DrMeshException missing) when (missing.Code == DrMeshError.RepositoryObjectMissing && !isRetry)
            {
                directory.Forget(first.Writer, first.Pack);
            }
        }
    }

    private async Task RestoreFromAsync(Tier tier, StoredPack pack, ReadOnlyMemory<RestoreSlice> slices, CancellationToken cancellationToken)
    {
        var name = tier.NameOf(pack.Key);
        await UseKeyAsync(pack.Writer, cancellationToken);
        var wanted = Wanted(pack, slices.Span, name);
        for (var begin = 0; begin < wanted.Count;)
        {
            var end = RunEnd(wanted, begin);
            var offset = wanted[begin].Entry.Offset;
            var length = (int)(wanted[end - 1].Entry.Offset + wanted[end - 1].Entry.FrameLength - offset);
            if (_stored.Length < length)
            {
                _stored = GC.AllocateUninitializedArray<byte>(length);
            }

            await tier.Store.ReadExactlyAsync(pack.Key, offset, _stored.AsMemory(0, length), cancellationToken);
            tally.AddRead(length);
            for (; begin < end; begin++)
            {
                var (entry, from, to) = wanted[begin];
                var plain = _plain.AsSpan(0, entry.PlainLength);
                if (_opener.Open(_cipher!, _stored.AsSpan((int)(entry.Offset - offset), entry.FrameLength), entry.Id, plain) is { } fault)
                {
                    throw RepositoryErrors.Damaged(name, fault);
                }

                foreach (var slice in slices.Span[from..to])
                {
                    Write(slice, plain.Slice(slice.Offset, slice.Length));
                }
            }
        }
    }

    // Each entry that must be read, with the range of slices it serves.
    private List<(PackEntry Entry, int From, int To)> Wanted(StoredPack pack, ReadOnlySpan<RestoreSlice> slices, string name)
    {
        var wanted = new List<(PackEntry Entry, int From, int To)>();
        for (var from = 0; from < slices.Length;)
        {
            var to = from + 1;
            while (to < slices.Length && slices[to].Chunk == slices[from].Chunk)
            {
                to++;
            }

            var entry = PackIndex.Find(pack.Entries, slices[from].Chunk.Entry)
                ?? throw RepositoryErrors.Damaged(name, $"it has no entry {slices[from].Chunk.Entry}");
            foreach (var slice in slices[from..to])
            {
                if (slice.Offset + slice.Length > entry.PlainLength)
                {
                    throw RepositoryErrors.Damaged(name, $"entry {entry.Entry} has {entry.PlainLength} bytes, {slice.Offset + slice.Length} are asked for");
                }
            }

            if (!delta || !IsAllThere(entry, slices[from..to]))
            {
                wanted.Add((entry, from, to));
            }

            from = to;
        }

        return wanted;
    }

    // Whether every place of the chunk holds its content already, told by the fingerprint of the whole chunk.
    private bool IsAllThere(PackEntry entry, ReadOnlySpan<RestoreSlice> slices)
    {
        foreach (var slice in slices)
        {
            if (slice.Length != entry.PlainLength || XxHash3.HashToUInt64(ReadExisting(slice)) != entry.Fingerprint)
            {
                return false;
            }
        }

        foreach (var slice in slices)
        {
            tally.AddDone(slice.Length);
        }

        return true;
    }

    private void Write(RestoreSlice slice, ReadOnlySpan<byte> content)
    {
        if (delta)
        {
            WriteDifferences(slice, content);
        }
        else
        {
            WriteAt(slice.File, slice.FileOffset, content);
        }

        tally.AddDone(slice.Length);
    }

    private void WriteDifferences(RestoreSlice slice, ReadOnlySpan<byte> content)
    {
        const int block = 4096;
        var existing = ReadExisting(slice);
        for (var start = 0; start < content.Length;)
        {
            var end = Math.Min(start + block, content.Length);
            if (existing[start..end].SequenceEqual(content[start..end]))
            {
                start = end;
                continue;
            }

            while (end < content.Length)
            {
                var next = Math.Min(end + block, content.Length);
                if (existing[end..next].SequenceEqual(content[end..next]))
                {
                    break;
                }

                end = next;
            }

            WriteAt(slice.File, slice.FileOffset + start, content[start..end]);
            start = end;
        }
    }

    private ReadOnlySpan<byte> ReadExisting(RestoreSlice slice)
    {
        if (_existing.Length < slice.Length)
        {
            _existing = GC.AllocateUninitializedArray<byte>(ChunkSize.Maximum);
        }

        // The file was given its length before: fewer bytes cannot come.
        var existing = _existing.AsSpan(0, slice.Length);
        var read = 0;
        while (read < existing.Length && RandomAccess.Read(Handle(slice.File), existing[read..], slice.FileOffset + read) is > 0 and var got)
        {
            read += got;
        }

        existing[read..].Clear();
        return existing;
    }

    private void WriteAt(int file, long offset, ReadOnlySpan<byte> content)
    {
        try
        {
            RandomAccess.Write(Handle(file), content, offset);
        }
        catch (IOException failure)
        {
            throw new DrMeshException(
                DrMeshError.RestoreTargetUnusable,
                $"{files[file].Path} cannot be written: {failure.Message}",
                "make room, then restore again with --delta",
                failure);
        }

        tally.AddWritten(content.Length);
    }

    private SafeFileHandle Handle(int file)
    {
        if (_handles.TryGetValue(file, out var handle))
        {
            return handle;
        }

        if (_handles.Count == MostHandles)
        {
            foreach (var open in _handles.Values)
            {
                open.Dispose();
            }

            _handles.Clear();
        }

        handle = File.OpenHandle(files[file].Path, FileMode.Open, delta ? FileAccess.ReadWrite : FileAccess.Write, FileShare.ReadWrite);
        _handles.Add(file, handle);
        return handle;
    }

    private async ValueTask UseKeyAsync(ulong writer, CancellationToken cancellationToken)
    {
        if (_cipher is null || _cipherWriter != writer)
        {
            var key = await tiers.DataKeyAsync(writer, cancellationToken);
            _cipher?.Dispose();
            _cipher = new AesGcm(key.ChunkKey, FrameHeader.TagLength);
            _cipherWriter = writer;
        }
    }

    private static int RunEnd(List<(PackEntry Entry, int From, int To)> wanted, int begin)
    {
        var end = begin + 1;
        while (end < wanted.Count)
        {
            var entry = wanted[end].Entry;
            var previous = wanted[end - 1].Entry;
            if (entry.Offset - previous.Offset - previous.FrameLength > LargestGap
                || entry.Offset + entry.FrameLength - wanted[begin].Entry.Offset > LargestRead)
            {
                break;
            }

            end++;
        }

        return end;
    }
}
