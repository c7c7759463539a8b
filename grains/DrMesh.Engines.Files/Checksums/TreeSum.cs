using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DrMesh.Core.Backups.Files;
using DrMesh.Engines.Files.Posix;

namespace DrMesh.Engines.Files.Checksums;

/// <summary>
/// The checksum of a set of paths, whatever their order: each path's SHA-256 is stretched to 1024 numbers of 16 bits, which are added lane by lane (LtHash; Bellare and
/// Micciancio, "A New Paradigm for Collision-Free Hashing", 1997). 2 KiB whatever the number of paths; workers sum apart and are added at the end.
/// </summary>
internal sealed class TreeSum
{
    private const int Lanes = 1024;
    private readonly ushort[] _lanes = new ushort[Lanes];
    private readonly ushort[] _added = new ushort[Lanes];
    private long _files;
    private long _directories;
    private long _links;
    private long _bytes;

    /// <summary>Adds a path.</summary>
    /// <param name="path">From the tree's top.</param>
    /// <param name="status">Its kind, mode and length.</param>
    /// <param name="content">A file's <see cref="ContentDigest"/>, a symbolic link's target, nothing for a directory.</param>
    public void Add(string path, in FileStatus status, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var name = Encoding.UTF8.GetBytes(path);
        Span<byte> head = stackalloc byte[20];
        BinaryPrimitives.WriteInt32LittleEndian(head, (int)status.Kind);
        // A symbolic link's own bits mean nothing and differ between systems.
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], status.Kind == EntryKind.SymbolicLink ? 0 : (int)status.Mode);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], status.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], name.Length);
        hash.AppendData(head);
        hash.AppendData(name);
        hash.AppendData(content);
        Shake128.HashData(hash.GetHashAndReset(), MemoryMarshal.AsBytes(_added.AsSpan()));
        AddLanes(_added);
        switch (status.Kind)
        {
            case EntryKind.Directory:
                _directories++;
                break;
            case EntryKind.SymbolicLink:
                _links++;
                break;
            default:
                _files++;
                _bytes += status.Length;
                break;
        }
    }

    /// <summary>Adds what another worker summed.</summary>
    public void Add(TreeSum other)
    {
        AddLanes(other._lanes);
        _files += other._files;
        _directories += other._directories;
        _links += other._links;
        _bytes += other._bytes;
    }

    /// <summary>The checksum of all that was added.</summary>
    public FileTreeChecksum Finish(IReadOnlyList<string> problems) =>
        new(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(_lanes.AsSpan()))), _files, _directories, _links, _bytes, problems);

    private void AddLanes(ushort[] added)
    {
        for (var at = 0; at < Lanes; at += Vector<ushort>.Count)
        {
            (new Vector<ushort>(_lanes, at) + new Vector<ushort>(added, at)).CopyTo(_lanes, at);
        }
    }
}
