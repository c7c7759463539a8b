using System.Collections.Immutable;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>How backups and archives are made.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-backup-policy")]
public sealed record BackupPolicy
{
    /// <summary>Where each backup goes, first tier first.</summary>
    [Id(0), EstateKey("where each backup and the continuous archive go, first tier first", RefersTo = "repositories")]
    public ImmutableArray<string> Repositories { get; init; } = [];

    /// <summary>The zstd level.</summary>
    [Id(1), EstateKey("the zstd level", AtLeast = "1", AtMost = "19")]
    public int CompressionLevel { get; init; } = 3;

    /// <summary>Whether a repository without encryption may be used.</summary>
    [Id(2), EstateKey("whether a repository without encryption may be used")]
    public EncryptionRule Encryption { get; init; } = EncryptionRule.Required;

    /// <summary>How many files are read and stored at once.</summary>
    [Id(3), EstateKey("how many files are read and stored at once", AtLeast = "1", AtMost = "64")]
    public int Parallelism { get; init; } = 2;

    /// <summary>Whether WAL or oplog is archived all the time.</summary>
    [Id(4), EstateKey("whether WAL and oplog are archived all the time, which a restore to any time needs")]
    public bool ContinuousArchive { get; init; } = true;

    /// <summary>The most WAL a replication slot of the archive may hold back on the primary.</summary>
    [Id(5), EstateKey("the most WAL the archive's slot may hold back on the primary's disk", AtLeast = "64MB")]
    public ByteSize SlotLimit { get; init; } = new(10L << 30);

    /// <summary>What becomes of a unified backup's good parts when one part fails.</summary>
    [Id(6), EstateKey("what becomes of the good parts of a unified backup when one part fails")]
    public FailedSession WhenPartFails { get; init; } = FailedSession.KeepOthers;

    /// <summary>The most of a replica set's oplog that may wait on a silo's disk, for each tier, while its repository is away.</summary>
    [Id(7), EstateKey("the most of an oplog that may wait on a silo's disk for each repository that is away; then reading stops, and the set's own oplog is the buffer", AtLeast = "64MB")]
    public ByteSize SpoolLimit { get; init; } = new(10L << 30);
}
