using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Regions;

/// <summary>Sums up how long calls took.</summary>
public static class CallTimes
{
    /// <summary>The measurement that <paramref name="ticks"/>, one entry a call, amount to; the array is sorted in passing.</summary>
    public static LinkMeasurement Of(long[] ticks, TimeSpan duration)
    {
        Array.Sort(ticks);
        return new LinkMeasurement
        {
            Calls = ticks.Length,
            Duration = duration,
            Median = Quantile(ticks, 0.5),
            Percentile99 = Quantile(ticks, 0.99),
        };
    }

    // The nearest-rank definition: the smallest value that at least that part of all values does not exceed.
    private static TimeSpan Quantile(long[] sorted, double part) =>
        sorted.Length == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(sorted[(int)Math.Ceiling(part * sorted.Length) - 1]);
}
