using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Core.Tests.Backups.PostgreSql;

public sealed class WalResumeTests
{
    private static readonly TimelineHistory Third = TimelineHistory.Parse(new TimelineId(3), "1\t0/3000148\tx\n2\t0/5000200\ty\n");

    [Theory]
    [InlineData(null, null, 3, "0/6000000", null, false)] // nothing archived: from the oldest the server has
    [InlineData(3, "0/7123456", 3, "0/7000000", null, false)]
    [InlineData(1, "0/2000010", 1, "0/2000000", "0/3000148", false)] // the old timeline first, up to its end
    [InlineData(1, "0/3000148", 2, "0/3000000", "0/5000200", false)] // exactly at the end: the next one, from its first segment's beginning
    [InlineData(2, "0/5000300", 3, "0/5000000", null, true)] // more than the server knows of that timeline
    [InlineData(9, "0/9000000", 3, "0/6000000", null, true)]
    public void Decide_ArchivedPosition_GoesOnWithoutGap(int? timeline, string? position, uint expected, string start, string? until, bool isFork)
    {
        var resume = WalResume.Decide(
            timeline is { } number ? (new TimelineId((uint)number), Lsn.Parse(position!)) : null, Third, Lsn.Parse("0/6000028"), WalSegmentSize.Default);

        resume.Timeline.ShouldBe(new TimelineId(expected));
        resume.Start.ShouldBe(Lsn.Parse(start));
        resume.Until.ShouldBe(until is null ? null : Lsn.Parse(until));
        (resume.Fork is not null).ShouldBe(isFork);
    }
}
