namespace DrMesh.Contracts.Estate;

/// <summary>A number of bytes; in the estate file <c>16MB</c>, with 1 kB = 1,024 bytes as in PostgreSQL's settings.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.byte-size")]
public readonly record struct ByteSize([property: Id(0)] long Bytes) : IComparable<ByteSize>, IComparable
{
    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is ByteSize other ? CompareTo(other) : 1;

    /// <inheritdoc/>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <inheritdoc/>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <inheritdoc/>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <inheritdoc/>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;
}
