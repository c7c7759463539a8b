using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>Grandfather, father, son: how many backups stay, the newest of each period; and the window any time of which can be restored.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-retention-policy")]
public sealed record RetentionPolicy
{
    /// <summary>How many hours keep their newest backup.</summary>
    [Id(0), EstateKey("how many hours keep their newest backup", AtLeast = "0", AtMost = "8784")]
    public int Hourly { get; init; } = 24;

    /// <summary>How many days keep their newest backup.</summary>
    [Id(1), EstateKey("how many days keep their newest backup", AtLeast = "0", AtMost = "3660")]
    public int Daily { get; init; } = 30;

    /// <summary>How many weeks keep their newest backup.</summary>
    [Id(2), EstateKey("how many weeks keep their newest backup", AtLeast = "0", AtMost = "520")]
    public int Weekly { get; init; } = 12;

    /// <summary>How many months keep their newest backup.</summary>
    [Id(3), EstateKey("how many months keep their newest backup", AtLeast = "0", AtMost = "120")]
    public int Monthly { get; init; } = 12;

    /// <summary>How many years keep their newest backup.</summary>
    [Id(4), EstateKey("how many years keep their newest backup", AtLeast = "0", AtMost = "100")]
    public int Yearly { get; init; } = 7;

    /// <summary>How far back any time can be restored: base backups, WAL and oplog inside are never removed.</summary>
    [Id(5), EstateKey("how far back any time can be restored; backups, WAL and oplog it needs are never removed")]
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(7);
}
