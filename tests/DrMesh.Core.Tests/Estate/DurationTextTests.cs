using CsCheck;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Tests.Estate;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("15m", 900_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("2w", 1_209_600_000)]
    [InlineData("1y", 31_536_000_000)]
    [InlineData("0s", 0)]
    public void TryParse_Duration_IsThatLong(string text, long milliseconds)
    {
        DurationText.TryParse(text, out var duration, out _).ShouldBeTrue();
        duration.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1 h")]
    [InlineData("1month")]
    [InlineData("+1h")]
    [InlineData("1h\n")]
    public void TryParse_Other_IsRefused(string text) => DurationText.TryParse(text, out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(90 * 86_400_000L, "90d")]
    [InlineData(365 * 86_400_000L, "365d")]
    [InlineData(7 * 365 * 86_400_000L, "7y")]
    [InlineData(5_400_000, "1h30m")]
    [InlineData(1_500, "1s500ms")]
    public void Format_Duration_ReadsWell(long milliseconds, string text) => DurationText.Format(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Fact]
    public void Format_AnyDuration_ReadsBack() =>
        Gen.Long[0, (long)DurationText.Longest.TotalMilliseconds].Sample(milliseconds =>
            DurationText.TryParse(DurationText.Format(TimeSpan.FromMilliseconds(milliseconds)), out var duration, out _)
            && (long)duration.TotalMilliseconds == milliseconds);

    [Fact]
    public void Format_AnySize_ReadsBack() =>
        Gen.Select(Gen.Long[0, 1L << 20], Gen.Int[0, 40]).Sample((amount, shift) =>
            SizeText.TryParse(SizeText.Format(new ByteSize(amount << shift)), out var size, out _) && size.Bytes == amount << shift);
}
