using System.Globalization;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>
/// What a backup of a PostgreSQL cluster must say of itself for planning, restoring and the next incremental backup. Kept as the facts of a repository's backup, readable by name.
/// </summary>
public sealed record PostgresBackupFacts
{
    /// <summary>Where replay begins.</summary>
    public required Lsn StartLsn { get; init; }

    /// <summary>The earliest consistent position.</summary>
    public required Lsn StopLsn { get; init; }

    /// <summary>The timeline.</summary>
    public required TimelineId Timeline { get; init; }

    /// <summary>The cluster's system identifier.</summary>
    public required ulong SystemId { get; init; }

    /// <summary>When it became consistent, by the server's clock.</summary>
    public required DateTimeOffset StopTime { get; init; }

    /// <summary>The next transaction id at the stop, with its epoch.</summary>
    public required ulong NextTransaction { get; init; }

    /// <summary>The server's version number, for example 150013.</summary>
    public required int ServerVersion { get; init; }

    /// <summary>Size of WAL segments.</summary>
    public required WalSegmentSize WalSegmentSize { get; init; }

    /// <summary>Whether it was read from a standby.</summary>
    public required bool FromStandby { get; init; }

    /// <summary>Whether the pages carry checksums, so that they were verified.</summary>
    public required bool HasChecksums { get; init; }

    /// <summary>Pages that failed their check.</summary>
    public required int BadPages { get; init; }

    /// <summary>
    /// The very directory that was read (machine, path, inode): only there do inodes and times tell which files are unchanged. Empty when it was read over a connection.
    /// </summary>
    public required string Origin { get; init; }

    /// <summary>Whether the WAL from start to stop is part of the backup, so that it restores without an archive.</summary>
    public required bool HasWal { get; init; }

    /// <summary>Reads the facts.</summary>
    /// <exception cref="FormatException">One is missing or unreadable: the backup is not one of PostgreSQL.</exception>
    public static PostgresBackupFacts Parse(IReadOnlyDictionary<string, string> facts)
    {
        return new PostgresBackupFacts
        {
            StartLsn = Lsn.Parse(Value("startLsn")),
            StopLsn = Lsn.Parse(Value("stopLsn")),
            Timeline = new TimelineId(uint.Parse(Value("timeline"), CultureInfo.InvariantCulture)),
            SystemId = ulong.Parse(Value("systemId"), CultureInfo.InvariantCulture),
            StopTime = DateTimeOffset.Parse(Value("stopTime"), CultureInfo.InvariantCulture),
            NextTransaction = ulong.Parse(Value("nextTransaction"), CultureInfo.InvariantCulture),
            ServerVersion = int.Parse(Value("serverVersion"), CultureInfo.InvariantCulture),
            WalSegmentSize = new WalSegmentSize(int.Parse(Value("walSegmentSize"), CultureInfo.InvariantCulture)),
            FromStandby = bool.Parse(Value("fromStandby")),
            HasChecksums = bool.Parse(Value("hasChecksums")),
            BadPages = int.Parse(Value("badPages"), CultureInfo.InvariantCulture),
            Origin = Value("origin"),
            HasWal = bool.Parse(Value("hasWal")),
        };

        string Value(string name) => facts.GetValueOrDefault(name) ?? throw new FormatException($"the backup has no fact '{name}'");
    }

    /// <summary>Writes the facts.</summary>
    public IReadOnlyDictionary<string, string> ToDictionary() => new Dictionary<string, string>
    {
        ["startLsn"] = StartLsn.ToString(),
        ["stopLsn"] = StopLsn.ToString(),
        ["timeline"] = Timeline.ToString(),
        ["systemId"] = SystemId.ToString(CultureInfo.InvariantCulture),
        ["stopTime"] = StopTime.ToString("O", CultureInfo.InvariantCulture),
        ["nextTransaction"] = NextTransaction.ToString(CultureInfo.InvariantCulture),
        ["serverVersion"] = ServerVersion.ToString(CultureInfo.InvariantCulture),
        ["walSegmentSize"] = WalSegmentSize.Bytes.ToString(CultureInfo.InvariantCulture),
        ["fromStandby"] = FromStandby.ToString(),
        ["hasChecksums"] = HasChecksums.ToString(),
        ["badPages"] = BadPages.ToString(CultureInfo.InvariantCulture),
        ["origin"] = Origin,
        ["hasWal"] = HasWal.ToString(),
    };
}
