using DrMesh.Core.Backups;

namespace DrMesh.Engines.Repository.Restores;

/// <summary>A piece of a chunk and its place in one of the window's files.</summary>
internal readonly record struct RestoreSlice(ChunkRef Chunk, int Offset, int Length, int File, long FileOffset) : IComparable<RestoreSlice>
{
    public int CompareTo(RestoreSlice other)
    {
        var order = Chunk.CompareTo(other.Chunk);
        return order != 0 ? order : Offset.CompareTo(other.Offset);
    }
}

/// <summary>A file of the window and where it goes.</summary>
internal readonly record struct RestoreFile(BackupFile File, string Path);
