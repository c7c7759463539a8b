using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Core.Tests.Backups.PostgreSql;

public sealed class WalNamesTests
{
    private static readonly WalSegmentSize Size = WalSegmentSize.Default;

    [Theory]
    [InlineData("0/0", 0UL)]
    [InlineData("16/B374D848", 0x16_B374D848UL)]
    [InlineData("FFFFFFFF/FFFFFFFF", ulong.MaxValue)]
    public void Lsn_ParseAndPrint_AreInverse(string text, ulong value)
    {
        Lsn.Parse(text).Value.ShouldBe(value);
        new Lsn(value).ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/1")]
    [InlineData("1/")]
    [InlineData("1/123456789")]
    [InlineData("-1/0")]
    [InlineData("1/0 ")]
    public void Lsn_OtherText_IsRefused(string text) => Lsn.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Segment_OfALsn_IsNamedAsTheServerNamesIt()
    {
        // select pg_walfile_name('16/B374D848') on timeline 1.
        WalFileName.Segment.Of(new TimelineId(1), Lsn.Parse("16/B374D848"), Size).ToString().ShouldBe("0000000100000016000000B3");
        WalFileName.Segment.Of(new TimelineId(0x1A), Lsn.Parse("16/B374D848"), new WalSegmentSize(1 << 30)).ToString().ShouldBe("0000001A0000001600000002");
    }

    [Fact]
    public void Segment_AnyPositionAndSize_NameReadsBack() =>
        Gen.Select(Gen.ULong, Gen.UInt[1, uint.MaxValue], Gen.Int[20, 30]).Sample((position, timeline, bits) =>
        {
            var size = new WalSegmentSize(1 << bits);
            var segment = WalFileName.Segment.Of(new TimelineId(timeline), new Lsn(position), size);
            return WalFileName.Parse(segment.ToString(), size) == segment && segment.Start <= new Lsn(position)
                && position - segment.Start.Value < (ulong)size.Bytes;
        });

    [Fact]
    public void Parse_EachKindOfFile_KeepsItsName()
    {
        string[] names = ["0000000100000016000000B3", "0000000100000016000000B3.partial", "0000000100000016000000B3.00000028.backup", "00000002.history"];

        names.Select(name => WalFileName.Parse(name, Size).GetType().Name).ShouldBe(["Segment", "Partial", "BackupHistory", "History"]);
        names.Select(name => WalFileName.Parse(name, Size).ToString()).ShouldBe(names);
    }

    [Theory]
    [InlineData("000000010000001600000100")] // the low half reaches 0xFF with 16 MiB segments
    [InlineData("0000000100000016000000b3")]
    [InlineData("0000000100000016000000B3.gz")]
    [InlineData("RECOVERYXLOG")]
    public void TryParse_OtherNames_IsNull(string name) => WalFileName.TryParse(name, Size).ShouldBeNull();
}
