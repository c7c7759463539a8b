using DrMesh.Grains.Regions;
using Microsoft.Extensions.Time.Testing;

namespace DrMesh.Grains.Tests.Regions;

public sealed class ReachabilityTrackerTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Current_BeforeAnyAnswer_IsUnreachable() => NewTracker().Current.IsReachable.ShouldBeFalse();

    [Fact]
    public void Missed_ShorterThanPatience_DoesNotFlap()
    {
        var tracker = NewTracker();
        tracker.Answered(TimeSpan.FromMilliseconds(1));
        var since = _time.GetUtcNow();

        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            tracker.Missed("refused");
            tracker.Current.IsReachable.ShouldBeTrue();
            tracker.Answered(TimeSpan.FromMilliseconds(1));
        }

        tracker.Current.Since.ShouldBe(since);
        tracker.Current.Problem.ShouldBeNull();
    }

    [Fact]
    public void Current_SilentForLongerThanPatience_IsUnreachableSinceTheLastAnswer()
    {
        var tracker = NewTracker();
        _time.Advance(TimeSpan.FromMinutes(1));
        tracker.Answered(TimeSpan.FromMilliseconds(1));
        var lastAnswer = _time.GetUtcNow();

        _time.Advance(TimeSpan.FromSeconds(4));
        tracker.Missed("refused");

        tracker.Current.IsReachable.ShouldBeFalse();
        tracker.Current.Since.ShouldBe(lastAnswer);
        tracker.Current.Problem.ShouldBe("refused");
    }

    [Fact]
    public void Answered_AfterALossNobodyAskedAbout_BeginsAnew()
    {
        var tracker = NewTracker();
        tracker.Answered(TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromSeconds(10));

        tracker.Answered(TimeSpan.FromMilliseconds(1));

        tracker.Current.IsReachable.ShouldBeTrue();
        tracker.Current.Since.ShouldBe(_time.GetUtcNow());
    }

    private ReachabilityTracker NewTracker() => new(_time, TimeSpan.FromSeconds(3));
}
