using System.Numerics;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>The size of a WAL segment file in bytes, a power of two from 1 MiB to 1 GiB, chosen at <c>initdb</c>; 16 MiB unless told.</summary>
public readonly record struct WalSegmentSize
{
    private const int Smallest = 1 << 20;
    private const int Largest = 1 << 30;

    /// <summary>Takes a size in bytes.</summary>
    public WalSegmentSize(int bytes)
    {
        if (bytes is < Smallest or > Largest || !BitOperations.IsPow2(bytes))
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "a WAL segment is a power of two from 1 MiB to 1 GiB");
        }

        Bytes = bytes;
    }

    /// <summary>What <c>initdb</c> takes when nothing else is asked for.</summary>
    public static WalSegmentSize Default { get; } = new(16 << 20);

    /// <summary>The size in bytes.</summary>
    public int Bytes { get; }

    /// <summary>The number of the segment that holds the byte at <paramref name="lsn"/>.</summary>
    public ulong SegmentOf(Lsn lsn) => lsn.Value / (ulong)Bytes;

    /// <summary>The first byte's position of the segment that holds <paramref name="lsn"/>.</summary>
    public Lsn StartOf(Lsn lsn) => new(lsn.Value & ~((ulong)Bytes - 1));

    /// <summary>The first byte's position of segment <paramref name="number"/>.</summary>
    public Lsn StartOfSegment(ulong number) => new(number * (ulong)Bytes);
}
