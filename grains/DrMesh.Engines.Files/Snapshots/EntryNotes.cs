using System.Text;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Files.Posix;

namespace DrMesh.Engines.Files.Snapshots;

/// <summary>What the engine keeps beside a path (<see cref="BackupFile.Notes"/>): what the next snapshot compares, and the metadata the manifest has no place for.</summary>
internal sealed record EntryNotes
{
    private const byte FormatVersion = 1;

    /// <summary>Last modification, to the nanosecond.</summary>
    public required FileTime ModifiedAt { get; init; }

    /// <summary>Last change of content or metadata; all zero when a change in the same moment could have gone unseen, so that the next snapshot reads again.</summary>
    public required FileTime ChangedAt { get; init; }

    public required ulong Inode { get; init; }

    /// <summary>The owner's number; used where the name is unknown.</summary>
    public required uint User { get; init; }

    /// <summary>The group's number; used where the name is unknown.</summary>
    public required uint Group { get; init; }

    /// <summary>A file's <see cref="Checksums.ContentDigest"/>; empty for others.</summary>
    public byte[] Digest { get; init; } = [];

    /// <summary>The path that is recorded first of a hard-linked file's names; empty: this one, or the file has one name.</summary>
    public string HardLinkTo { get; init; } = "";

    /// <summary>Extended attributes in the order of their names.</summary>
    public IReadOnlyList<(string Name, byte[] Value)> Attributes { get; init; } = [];

    public byte[] Encode()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(FormatVersion);
        Write(writer, ModifiedAt);
        Write(writer, ChangedAt);
        writer.Write(Inode);
        writer.Write(User);
        writer.Write(Group);
        writer.Write((byte)Digest.Length);
        writer.Write(Digest);
        writer.Write(HardLinkTo);
        writer.Write7BitEncodedInt(Attributes.Count);
        foreach (var (name, value) in Attributes)
        {
            writer.Write(name);
            writer.Write7BitEncodedInt(value.Length);
            writer.Write(value);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <exception cref="DrMeshException">A newer program wrote them.</exception>
    public static EntryNotes Decode(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadByte() is not FormatVersion and var version)
        {
            throw FileTreeErrors.NotesNewer(version, FormatVersion);
        }

        return new EntryNotes
        {
            ModifiedAt = ReadTime(reader),
            ChangedAt = ReadTime(reader),
            Inode = reader.ReadUInt64(),
            User = reader.ReadUInt32(),
            Group = reader.ReadUInt32(),
            Digest = reader.ReadBytes(reader.ReadByte()),
            HardLinkTo = reader.ReadString(),
            Attributes = ReadAttributes(reader),
        };
    }

    /// <summary>Reads the notes of a path from its backup.</summary>
    public static async ValueTask<EntryNotes> ReadAsync(IBackupReader backup, BackupFile file, CancellationToken cancellationToken)
    {
        var slices = file.Notes.ToArray();
        var bytes = new byte[slices.Sum(slice => slice.Length)];
        var at = 0;
        foreach (var slice in slices)
        {
            await backup.ReadAsync(slice, bytes.AsMemory(at, slice.Length), cancellationToken);
            at += slice.Length;
        }

        return Decode(bytes);
    }

    private static (string, byte[])[] ReadAttributes(BinaryReader reader)
    {
        var attributes = new (string, byte[])[reader.Read7BitEncodedInt()];
        for (var i = 0; i < attributes.Length; i++)
        {
            var name = reader.ReadString();
            attributes[i] = (name, reader.ReadBytes(reader.Read7BitEncodedInt()));
        }

        return attributes;
    }

    private static void Write(BinaryWriter writer, FileTime time)
    {
        writer.Write(time.Seconds);
        writer.Write(time.Nanoseconds);
    }

    private static FileTime ReadTime(BinaryReader reader) => new(reader.ReadInt64(), reader.ReadUInt32());
}
