namespace DrMesh.TestKit.Crash;

/// <summary>One place of a session's run: the nth write or effect, before or after it.</summary>
public readonly record struct CrashPoint(CrashMoment Moment, int Number, CrashManner Manner)
{
    /// <summary>
    /// Every place of a run with so many writes and effects. A silo's death is tried around writes only: dying after an intent's write is dying before its effect, and dying
    /// before an outcome's write is dying after it.
    /// </summary>
    public static IEnumerable<CrashPoint> All(int writes, int effects) =>
        from manner in Enum.GetValues<CrashManner>()
        from moment in Enum.GetValues<CrashMoment>()
        where manner == CrashManner.CallThrows || moment is CrashMoment.BeforeWrite or CrashMoment.AfterWrite
        from number in Enumerable.Range(1, moment is CrashMoment.BeforeWrite or CrashMoment.AfterWrite ? writes : effects)
        select new CrashPoint(moment, number, manner);
}
