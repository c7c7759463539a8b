using System.Diagnostics;
using System.Text;
using DrMesh.Core.Estate;
using DrMesh.Core.Estate.Reading;

namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>Files made to exhaust the program that reads them.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Read_Good_FindsNothing() => BadEstate.None().ShouldBeFoundAs();

    [Fact]
    public void Read_TenMegabytes_RefusesBeforeParsing()
    {
        // Not YAML at all: a parser that looked at it would say so instead.
        var bytes = Encoding.UTF8.GetBytes(new string('}', 10 << 20));

        Found(bytes).ShouldBe(["estate.yaml: the file has 10.0 MB; an estate may have at most 4 MB"]);
        BadEstate.Of(new string('}', 10 << 20)).ShouldBeFoundAs("estate.yaml: the file has 10.0 MB; an estate may have at most 4 MB");
    }

    [Fact]
    public void Read_AliasBomb_RefusesEarly()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level <= 30; level++)
        {
            bomb.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        var started = Stopwatch.GetTimestamp();
        BadEstate.Of(bomb.ToString()).ShouldBeFoundAs("estate.yaml:6:10: the file has more than 200000 values, aliases followed");
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Patience);
    }

    [Fact]
    public void Read_NestedTooDeep_Refuses() =>
        BadEstate.Of($"regions: {new string('[', 100_000)}").ShouldBeFoundAs("estate.yaml:1:41: values are nested more than 32 levels deep");

    [Fact]
    public void Read_NotUtf8_Refuses() => Found([0x72, 0xff, 0xfe, 0x3a]).ShouldBe(["estate.yaml: this is not a text file: it is not UTF-8"]);

    [Fact]
    public void Read_Binary_Refuses() => Found([0x7f, 0x45, 0x4c, 0x46, 0, 0]).ShouldBe(["estate.yaml: this is not a text file: it has zero bytes"]);

    [Fact]
    public void Read_ThousandErrors_ShowsTheFirstAndCountsTheRest()
    {
        var text = new StringBuilder("regions: { eu: { nodes: { a: { address: 10.1.0.1 } } } }\n");
        for (var index = 0; index < 1000; index++)
        {
            text.Append($"unknown{index}: 1\n");
        }

        var findings = EstateReader.Read(text.ToString()).Findings;

        findings.Length.ShouldBe(EstateLimits.MaxFindings + 1);
        findings[^1].Describe("estate.yaml").ShouldBe("estate.yaml: 800 more are not shown; mend these first");
    }

    [Fact]
    public void Read_ByteOrderMark_IsTaken() =>
        Found([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes("regions: { eu: { nodes: { a: { address: 10.1.0.1 } } } }")]).ShouldBeEmpty();

    private static string[] Found(ReadOnlySpan<byte> bytes) => [.. EstateReader.Read(bytes).Findings.Select(finding => finding.Describe("estate.yaml"))];
}
