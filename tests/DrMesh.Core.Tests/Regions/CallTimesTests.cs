using DrMesh.Core.Regions;

namespace DrMesh.Core.Tests.Regions;

public sealed class CallTimesTests
{
    [Fact]
    public void Of_AHundredCalls_TakesTheNearestRank()
    {
        var ticks = Enumerable.Range(1, 100).Reverse().Select(call => (long)call).ToArray();

        var times = CallTimes.Of(ticks, TimeSpan.FromSeconds(1));

        (times.Calls, times.Median.Ticks, times.Percentile99.Ticks).ShouldBe((100, 50, 99));
    }

    [Fact]
    public void Of_NoCall_IsZero() => CallTimes.Of([], TimeSpan.FromSeconds(1)).Percentile99.ShouldBe(TimeSpan.Zero);
}
