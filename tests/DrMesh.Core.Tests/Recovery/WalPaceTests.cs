using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

public sealed class WalPaceTests
{
    private static readonly TimelineId First = new(1);

    [Fact]
    public void S2_AsyncPrimaryWritesUnseenNoFasterThanItWasSeenTo_NeverMoreIsLostThanIsShown()
    {
        var bounded = 0;
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[5, 60], Gen.Double[0, 1], Gen.Double[0, 3], Gen.Bool).Sample((seed, seen, share, standbyLag, isSteady) =>
        {
            // Often a short time, now and then up to twelve seconds.
            var run = new AsyncRun(seed, seen, 12 * Math.Pow(share, 3), isSteady);
            var reach = run.Pace.ReachAt(TimeSpan.FromSeconds(run.FencedAt));
            var received = run.Written(Math.Max(0, run.CutAt - standbyLag));
            Promise[] promises = [new("us", 7, First, received)];

            var shown = ExpectedLoss.Of([AcknowledgingSet.Nobody], promises, Candidate.Choose(promises, 7, ["us"])!, reach?.UpTo is { } upTo ? (First, upTo) : null);

            // A steady primary writes no faster than it was seen to; of others, those runs count that did not.
            if (reach is null || shown.Bytes is not { } most || (!isSteady && run.MostInASecond(run.LastReadAt, run.FencedAt) > Math.Max(reach.BytesPerSecond, WalReach.LeastBytesPerSecond)))
            {
                return;
            }

            Interlocked.Increment(ref bounded);
            (run.Written(run.FencedAt) - received).ShouldBeLessThanOrEqualTo(most, $"{reach}");
        }, iter: 2000);
        bounded.ShouldBeGreaterThan(500, "hardly any run was bounded");
    }

    [Fact]
    public void ReachAt_SteadyPrimary_GoesOnAtTheMostItWasSeenToWrite()
    {
        var pace = Watch(WalPace.None, from: 0, seconds: 30, bytesPerSecond: 1_000_000);
        pace = Watch(pace, from: 30, seconds: 30, bytesPerSecond: 100_000);

        var reach = pace.ReachAt(TimeSpan.FromSeconds(65)).ShouldNotBeNull();

        reach.BytesPerSecond.ShouldBe(1_000_000, 1);
        reach.Unseen.ShouldBe(TimeSpan.FromSeconds(5));
        reach.UpTo.ShouldBe(reach.Seen + 6_000_000, "five seconds, and one that may have begun");
        reach.Explain("eu").ShouldBe(
            $"eu was last seen at {reach.Seen}, 5.0 s before it is known to write no more, and is taken to have gone on at 1000 kB/s, the most it was seen to write in 60 s; if it wrote more, more is lost");
        reach.After(TimeSpan.FromSeconds(3)).UpTo.ShouldBe(reach.Seen + 9_000_000);
    }

    [Fact]
    public void ReachAt_UnseenForLongerThanItWasWatched_NobodyCanTell()
    {
        var pace = Watch(WalPace.None, from: 0, seconds: 10, bytesPerSecond: 50_000);

        pace.ReachAt(TimeSpan.FromSeconds(20)).ShouldNotBeNull().UpTo.ShouldNotBeNull();
        var tooLong = pace.ReachAt(TimeSpan.FromSeconds(20.1)).ShouldNotBeNull();
        tooLong.UpTo.ShouldBeNull();
        tooLong.Explain("eu").ShouldContain("had been watched for 10 s only: what it wrote unseen is not known");
        WalPace.None.ReachAt(TimeSpan.FromSeconds(1)).ShouldBeNull();
        WalPace.None.After(First, new Lsn(5), TimeSpan.Zero, TimeSpan.Zero).ReachAt(TimeSpan.FromSeconds(1))!.UpTo.ShouldBeNull("one sight is no rate");
    }

    [Fact]
    public void ReachAt_IdlePrimary_MayStillHaveWritten() =>
        Watch(WalPace.None, from: 0, seconds: 60, bytesPerSecond: 0).ReachAt(TimeSpan.FromSeconds(63))!.UpTo.ShouldBe(new Lsn(0) + (4 * 8192));

    [Fact]
    public void After_OtherTimelineOrLongAgo_NoLongerCounts()
    {
        var busy = Watch(WalPace.None, from: 0, seconds: 60, bytesPerSecond: 9_000_000);

        Watch(busy, from: 60, seconds: 5, bytesPerSecond: 10_000, timeline: 2).ReachAt(TimeSpan.FromSeconds(65))!.BytesPerSecond.ShouldBe(10_000, 1);
        Watch(busy, from: 60, seconds: 599, bytesPerSecond: 10_000).ReachAt(TimeSpan.FromSeconds(659))!.BytesPerSecond.ShouldBeGreaterThan(8_000_000);
        Watch(busy, from: 60, seconds: 720, bytesPerSecond: 10_000).ReachAt(TimeSpan.FromSeconds(780))!.BytesPerSecond.ShouldBe(10_000, 1);
    }

    [Fact]
    public void After_AnswersFarApart_TellNoRateButWherePrimaryIs()
    {
        var pace = Watch(WalPace.None, from: 0, seconds: 20, bytesPerSecond: 1_000);
        var later = pace.After(First, new Lsn(90_000_000), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(50));

        var reach = later.ReachAt(TimeSpan.FromSeconds(51)).ShouldNotBeNull();

        (reach.Seen, reach.Watched).ShouldBe((new Lsn(90_000_000), TimeSpan.FromSeconds(20)));
        reach.BytesPerSecond.ShouldBe(1_000, 1);
    }

    [Fact]
    public void After_SegmentSwitched_IsNoRate()
    {
        var pace = Watch(WalPace.None, from: 0, seconds: 20, bytesPerSecond: 1_000);

        var switched = pace.After(First, new Lsn((16 << 20) + 300), TimeSpan.FromSeconds(21), TimeSpan.FromSeconds(21)).ReachAt(TimeSpan.FromSeconds(22)).ShouldNotBeNull();

        (switched.Seen, switched.Watched).ShouldBe((new Lsn((16 << 20) + 300), TimeSpan.FromSeconds(20)));
        switched.BytesPerSecond.ShouldBe(1_000, 1);
        pace.After(First, new Lsn(17 << 20), TimeSpan.FromSeconds(21), TimeSpan.FromSeconds(21)).ReachAt(TimeSpan.FromSeconds(22))!.BytesPerSecond.ShouldBeGreaterThan(17_000_000, "that was written");
    }

    private static WalPace Watch(WalPace pace, int from, int seconds, ulong bytesPerSecond, uint timeline = 1)
    {
        var begin = pace.ReachAt(TimeSpan.Zero)?.Seen.Value ?? 0;
        for (var second = from == 0 ? 0 : 1; second <= seconds; second++)
        {
            var at = TimeSpan.FromSeconds(from + second);
            pace = pace.After(new TimelineId(timeline), new Lsn(begin + ((ulong)second * bytesPerSecond)), at, at);
        }

        return pace;
    }

    /// <summary>A primary that writes, is asked every second or so until it is cut off, and writes on until it is fenced; in hundredths of a second.</summary>
    private sealed class AsyncRun
    {
        private const int Steps = 100;
        private readonly long[] _written;

        public AsyncRun(int seed, int seen, double untilFence, bool isSteady)
        {
            var random = new Random(seed);
            // Asked at each full second: cut off just after, it is unseen for a short time only.
            CutAt = seen + 0.02 + (random.NextDouble() * 0.5);
            FencedAt = CutAt + untilFence;
            _written = new long[(int)(FencedAt * Steps) + 2];
            var (size, chance, steady) = (random.Next(200_000), Math.Pow(random.NextDouble(), 3) * 0.2, random.Next(20_000));
            for (var step = 1; step < _written.Length; step++)
            {
                // Steadily, or now and then much at once.
                _written[step] = _written[step - 1] + (isSteady ? steady : random.NextDouble() < chance ? random.Next(size + 1) : 0);
            }

            for (var at = random.NextDouble(); at < CutAt; at = Math.Ceiling(at + random.NextDouble()))
            {
                // Asked, read some time later or a little before, and answered; or not answered.
                var age = random.Next(3) == 0 ? random.NextDouble() * 0.1 : 0;
                var flight = random.Next(3) == 0 ? random.NextDouble() * 0.4 : random.NextDouble() * 0.01;
                if (random.Next(10) > 0 && at + flight < CutAt)
                {
                    LastReadAt = Math.Max(0, at - age) + (random.NextDouble() * (flight + Math.Min(age, at)));
                    Pace = Pace.After(First, Written(LastReadAt), TimeSpan.FromSeconds(Math.Max(0, at - age)), TimeSpan.FromSeconds(at + flight));
                }
            }
        }

        public WalPace Pace { get; } = WalPace.None;

        public double CutAt { get; }

        public double FencedAt { get; }

        public double LastReadAt { get; }

        public Lsn Written(double at) => new((ulong)_written[(int)(at * Steps)]);

        /// <summary>The most it wrote in any second between two moments.</summary>
        public long MostInASecond(double from, double to)
        {
            var (first, last) = ((int)(from * Steps), (int)(to * Steps));
            return Enumerable.Range(first, Math.Max(1, last - first)).Max(step => _written[Math.Min(last, step + Steps)] - _written[step]);
        }
    }
}
