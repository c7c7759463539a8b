namespace DrMesh.Lab.Demo;

/// <summary>What one run of the demo measured.</summary>
internal sealed record DemoFigures
{
    /// <summary>The backup of the whole application.</summary>
    public BackupFigures? Backup { get; init; }

    /// <summary>The loss of the primary's region.</summary>
    public FailoverFigures? Failover { get; init; }

    /// <summary>The way back.</summary>
    public FailbackFigures? Failback { get; init; }

    /// <summary>The recovery of the dropped table.</summary>
    public PitrFigures? Pitr { get; init; }
}

/// <summary>A backup.</summary>
/// <param name="Seconds">From the command to the committed, checked backup.</param>
/// <param name="Bytes">Bytes it restores to.</param>
/// <param name="Parts">Systems in it.</param>
internal sealed record BackupFigures(double Seconds, long Bytes, int Parts);

/// <summary>A failover.</summary>
/// <param name="WriteGapSeconds">From the last acknowledged write to the next, over all writers.</param>
/// <param name="DetectSeconds">From the kill to the session's begin.</param>
/// <param name="PromoteSeconds">From the session's begin until the new primary accepts writes.</param>
/// <param name="DnsSeconds">From then until the name servers answer with the new region.</param>
/// <param name="LostRows">Acknowledged rows the new primary does not have.</param>
/// <param name="DoubleAckedRows">Rows acknowledged while another server acknowledged.</param>
internal sealed record FailoverFigures(double WriteGapSeconds, double DetectSeconds, double PromoteSeconds, double DnsSeconds, int LostRows, int DoubleAckedRows);

/// <summary>A failback.</summary>
/// <param name="WriteGapSeconds">From the last acknowledged write to the next, over all writers.</param>
/// <param name="LostRows">Acknowledged rows the primary does not have.</param>
internal sealed record FailbackFigures(double WriteGapSeconds, int LostRows);

/// <summary>A point-in-time recovery.</summary>
/// <param name="Seconds">From the command until the restored server answers.</param>
/// <param name="TargetTime">The moment asked for.</param>
/// <param name="ReachedTime">The last transaction that was replayed; null: the target is before the first.</param>
/// <param name="RowsExpected">Rows that were there at the target: those of the dropped table, and every acknowledged row of the writers.</param>
/// <param name="RowsFound">Of these, those the restored server has.</param>
internal sealed record PitrFigures(double Seconds, DateTimeOffset TargetTime, DateTimeOffset? ReachedTime, long RowsExpected, long RowsFound);
