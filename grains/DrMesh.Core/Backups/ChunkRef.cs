namespace DrMesh.Core.Backups;

/// <summary>
/// Where a stored chunk lies, the same in every tier of a repository and for as long as any backup refers to it: the writer that stored it,
/// the number of the writer's pack, the number of the entry in that pack (both from 0).
/// </summary>
public readonly record struct ChunkRef(ulong Writer, uint Pack, uint Entry) : IComparable<ChunkRef>
{
    /// <summary>Stands for content that is all zeros and is not stored; as long as the slice that names it. No writer has number 0.</summary>
    public static readonly ChunkRef Zeros;

    /// <summary>Order in which a restore reads: by writer, pack, entry.</summary>
    public int CompareTo(ChunkRef other)
    {
        var order = Writer.CompareTo(other.Writer);
        order = order != 0 ? order : Pack.CompareTo(other.Pack);
        return order != 0 ? order : Entry.CompareTo(other.Entry);
    }

    public static bool operator <(ChunkRef left, ChunkRef right) => left.CompareTo(right) < 0;

    public static bool operator >(ChunkRef left, ChunkRef right) => left.CompareTo(right) > 0;

    public static bool operator <=(ChunkRef left, ChunkRef right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ChunkRef left, ChunkRef right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => this == Zeros ? "zeros" : $"{Writer:x16}/{Pack}#{Entry}";
}
