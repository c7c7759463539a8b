using System.Buffers;
using System.Globalization;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>
/// The name of a file PostgreSQL archives: a segment (24 hexadecimal digits: timeline, high, low), a partial segment (<c>.partial</c>), a backup history
/// file (<c>….00000028.backup</c>) or a timeline history file (<c>00000002.history</c>). Source: the server's <c>xlog_internal.h</c>.
/// </summary>
public abstract record WalFileName
{
    private const int SegmentDigits = 24;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEF");

    private WalFileName()
    {
    }

    /// <summary>Reads a file name.</summary>
    /// <exception cref="FormatException">PostgreSQL archives no file of that name.</exception>
    public static WalFileName Parse(string name, WalSegmentSize size) =>
        TryParse(name, size) ?? throw new FormatException($"'{name}' is not the name of a WAL file");

    /// <summary>Reads a file name; null when PostgreSQL archives no file of that name.</summary>
    public static WalFileName? TryParse(string name, WalSegmentSize size)
    {
        if (name.Length == 16 && name.EndsWith(".history", StringComparison.Ordinal) && TryHex(name.AsSpan(0, 8), out var history))
        {
            return new History(new TimelineId(history));
        }

        if (name.Length < SegmentDigits
            || !TryHex(name.AsSpan(0, 8), out var timeline) || !TryHex(name.AsSpan(8, 8), out var high) || !TryHex(name.AsSpan(16, 8), out var low)
            || low >= SegmentsPerHigh(size))
        {
            return null;
        }

        var number = (high * SegmentsPerHigh(size)) + low;
        var rest = name.AsSpan(SegmentDigits);
        if (rest is "")
        {
            return new Segment(new TimelineId(timeline), number, size);
        }

        if (rest is ".partial")
        {
            return new Partial(new Segment(new TimelineId(timeline), number, size));
        }

        return rest.Length == 16 && rest[0] == '.' && rest.EndsWith(".backup") && TryHex(rest.Slice(1, 8), out var offset)
            ? new BackupHistory(new Segment(new TimelineId(timeline), number, size), offset)
            : null;
    }

    private static ulong SegmentsPerHigh(WalSegmentSize size) => 0x1_0000_0000UL / (ulong)size.Bytes;

    private static bool TryHex(ReadOnlySpan<char> digits, out uint value)
    {
        value = 0;
        return !digits.ContainsAnyExcept(HexDigits) && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A whole segment.</summary>
    /// <param name="Timeline">The timeline it was written on.</param>
    /// <param name="Number">Its number from the log's beginning; multiplied by the size it is the position of its first byte.</param>
    /// <param name="Size">Its size.</param>
    public sealed record Segment(TimelineId Timeline, ulong Number, WalSegmentSize Size) : WalFileName
    {
        /// <summary>The position of its first byte.</summary>
        public Lsn Start => Size.StartOfSegment(Number);

        /// <summary>The position after its last byte.</summary>
        public Lsn End => Size.StartOfSegment(Number + 1);

        /// <summary>The segment that follows on the same timeline.</summary>
        public Segment Next => this with { Number = Number + 1 };

        /// <summary>The segment of <paramref name="timeline"/> that holds the byte at <paramref name="lsn"/>.</summary>
        public static Segment Of(TimelineId timeline, Lsn lsn, WalSegmentSize size) => new(timeline, size.SegmentOf(lsn), size);

        /// <inheritdoc/>
        public override string ToString() => $"{Timeline.Value:X8}{Number / SegmentsPerHigh(Size):X8}{Number % SegmentsPerHigh(Size):X8}";
    }

    /// <summary>The last segment of a timeline that ended within it: a promoted standby archives it so.</summary>
    public sealed record Partial(Segment Of) : WalFileName
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Of}.partial";
    }

    /// <summary>What <c>pg_backup_stop</c> leaves behind for people to read; recovery does not need it.</summary>
    public sealed record BackupHistory(Segment Start, uint Offset) : WalFileName
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Start}.{Offset:X8}.backup";
    }

    /// <summary>The history of a timeline: where it and its ancestors branched off.</summary>
    public sealed record History(TimelineId Timeline) : WalFileName
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Timeline.Value:X8}.history";
    }
}
