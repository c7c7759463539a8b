using System.Buffers.Binary;
using System.Text;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>
/// The named restore points in a stretch of WAL (<c>pg_create_restore_point</c>). Source: the server's <c>pg_control.h</c>, <c>xlog_internal.h</c> (<c>xl_restore_point</c>).
/// </summary>
public static class WalRestorePoints
{
    private const byte LogManager = 0;
    private const byte RestorePointKind = 0x70;
    private const byte ShortMainData = 255;
    private const int NameLength = 64;
    private const int DataOffset = WalRecords.Header + 2;
    private const int Length = DataOffset + sizeof(long) + NameLength;

    /// <summary>Scans a segment, or the beginning of one; each point with its name, the position after it and its time.</summary>
    /// <param name="content">The bytes from the segment's beginning on.</param>
    /// <param name="start">The position of the first byte.</param>
    public static IReadOnlyList<(string Name, Lsn Position, DateTimeOffset Time)> Scan(ReadOnlySpan<byte> content, Lsn start)
    {
        var found = new List<(string, Lsn, DateTimeOffset)>();
        var records = new WalRecords(content, start);
        if (!records.SkipContinuation())
        {
            return found;
        }

        Span<byte> record = stackalloc byte[Length];
        while (records.TryReadRecord(record, out var length))
        {
            if (length == Length && record[17] == LogManager && (record[16] & 0xF0) == RestorePointKind && record[WalRecords.Header] == ShortMainData)
            {
                var name = record[(DataOffset + sizeof(long))..];
                var time = WalCommits.PostgresEpoch.AddTicks(BinaryPrimitives.ReadInt64LittleEndian(record[DataOffset..]) * 10);
                found.Add((Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]), records.Position, time));
            }
        }

        return found;
    }
}
