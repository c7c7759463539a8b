namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>What earlier restores of the cluster reached, bytes a second; null while there is none.</summary>
/// <param name="Restore">Writing the base backup.</param>
/// <param name="Replay">Replaying WAL.</param>
public sealed record RestoreRates(double? Restore, double? Replay)
{
    /// <summary>How long both take together; null when a rate that is needed is not known.</summary>
    public TimeSpan? Estimate(long baseBytes, long logBytes) =>
        RestoreTime(baseBytes) is { } restore && ReplayTime(logBytes) is { } replay ? restore + replay : null;

    /// <summary>How long writing the base takes.</summary>
    public TimeSpan? RestoreTime(long bytes) => Time(bytes, Restore);

    /// <summary>How long the replay takes.</summary>
    public TimeSpan? ReplayTime(long bytes) => Time(bytes, Replay);

    private static TimeSpan? Time(long bytes, double? rate) =>
        bytes == 0 ? TimeSpan.Zero : rate is > 0 ? TimeSpan.FromSeconds(bytes / rate.Value) : null;
}
