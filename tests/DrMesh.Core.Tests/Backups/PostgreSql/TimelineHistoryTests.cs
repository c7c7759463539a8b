using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Core.Tests.Backups.PostgreSql;

public sealed class TimelineHistoryTests
{
    private const string Content = "1\t0/3000148\tno recovery target specified\n\n# noted by hand\n2\t0/5000000\tbefore 2026-11-24 07:00:00+00\n";
    private static readonly TimelineHistory Third = TimelineHistory.Parse(new TimelineId(3), Content);

    [Theory]
    [InlineData("0/3000147", 1)]
    [InlineData("0/3000148", 2)]
    [InlineData("0/4FFFFFF", 2)]
    [InlineData("0/5000000", 3)]
    public void TimelineAt_AroundASwitch_NamesTheWriter(string lsn, uint timeline) =>
        Third.TimelineAt(Lsn.Parse(lsn)).ShouldBe(new TimelineId(timeline));

    [Theory]
    [InlineData(1, "0/3000148", true)] // a state exactly at the switch point still lies on the line
    [InlineData(1, "0/3000149", false)]
    [InlineData(2, "0/4000000", true)]
    [InlineData(3, "0/9000000", true)]
    [InlineData(4, "0/1000000", false)]
    public void Contains_StateOfATimeline_HoldsUpToItsSwitch(uint timeline, string lsn, bool expected) =>
        Third.Contains(new TimelineId(timeline), Lsn.Parse(lsn)).ShouldBe(expected);

    [Fact]
    public void Parse_PrintedHistory_IsTheSame()
    {
        var again = TimelineHistory.Parse(Third.Timeline, Third.ToString());

        again.Ancestors.ShouldBe(Third.Ancestors);
        again.Begin.ShouldBe(Lsn.Parse("0/5000000"));
        again.Ancestors[1].Reason.ShouldBe("before 2026-11-24 07:00:00+00");
    }

    [Theory]
    [InlineData("1 nowhere")]
    [InlineData("one\t0/1")]
    [InlineData("2\t0/1\n1\t0/2")]
    [InlineData("3\t0/1")]
    public void Parse_LineThatIsNone_IsRefused(string content) =>
        Should.Throw<FormatException>(() => TimelineHistory.Parse(new TimelineId(3), content)).Message.ShouldContain("timeline 3");
}
