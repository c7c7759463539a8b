using DrMesh.Lab.Load;

namespace DrMesh.Scenarios.Lab;

/// <summary>The checker finds what was planted: it is what every claim about lost and doubled rows rests on.</summary>
public sealed class CheckerTests
{
    private const string East = "127.1.1.1";
    private const string West = "127.1.1.2";
    private static readonly TimeProvider Time = TimeProvider.System;

    [Fact]
    public void Judge_FailoverAndWayBack_NothingIsWrong()
    {
        RowWrite[] log = [Row(1, 0, 1, East, 1), Row(2, 1, 2, East, 1), Failed(3, 3), Row(4, 9, 10, West, 2), Row(5, 12, 13, East, 3)];

        var result = Checker.Judge(log, Surviving(1, 2, 4, 5), Time);

        (result.Tried, result.Acknowledged).ShouldBe((5, 4));
        result.Lost.ShouldBeEmpty();
        result.DoubleAcknowledged.ShouldBeEmpty();
        result.LongestGap.ShouldBe(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public void Judge_AcknowledgedRowNotThere_IsLost_AndAnUnacknowledgedOneIsNot()
    {
        RowWrite[] log = [Row(1, 0, 1, East, 1), Row(2, 1, 2, East, 1), Failed(3, 3), Row(4, 9, 10, West, 2)];

        Checker.Judge(log, Surviving(1, 4), Time).Lost.Select(row => row.Number).ShouldBe([2L]);
    }

    [Fact]
    public void Judge_OldPrimaryAcknowledgesAfterTheNew_IsDoubleAcknowledged()
    {
        // Row 3 was sent to the old primary before the new one acknowledged anything: that is one after the other.
        RowWrite[] log = [Row(1, 0, 1, East, 1), Row(3, 4, 8, East, 1), Row(4, 5, 6, West, 2), Row(5, 7, 8, East, 1), Row(6, 8, 9, West, 2)];

        Checker.Judge(log, Surviving(1, 3, 4, 5, 6), Time).DoubleAcknowledged.Select(row => row.Number).ShouldBe([5L]);
    }

    [Fact]
    public void Judge_TwoServersOnOneTimeline_IsDoubleAcknowledged()
    {
        RowWrite[] log = [Row(1, 0, 1, East, 2), Row(2, 5, 6, West, 2)];

        Checker.Judge(log, Surviving(1, 2), Time).DoubleAcknowledged.Select(row => row.Number).ShouldBe([2L]);
    }

    [Fact]
    public void LongestGap_WithinAPeriod_LooksAtThatPeriodOnly()
    {
        RowWrite[] log = [Row(1, 0, 1, East, 1), Row(2, 20, 21, East, 1), Row(3, 22, 23, East, 1), Row(4, 27, 28, East, 1)];

        Checker.LongestGap(log, Seconds(22), Seconds(40), Time).ShouldBe(TimeSpan.FromSeconds(5));
    }

    private static RowWrite Row(long number, int intended, int acknowledged, string server, long timeline) => new()
    {
        Writer = 1, Number = number, IntendedAt = Seconds(intended), AcknowledgedAt = Seconds(acknowledged), Server = server, Timeline = timeline,
    };

    private static RowWrite Failed(long number, int intended) => new() { Writer = 1, Number = number, IntendedAt = Seconds(intended), Failure = "gone" };

    private static HashSet<(int, long)> Surviving(params long[] numbers) => [.. numbers.Select(number => (1, number))];

    private static long Seconds(int seconds) => seconds * Time.TimestampFrequency;
}
