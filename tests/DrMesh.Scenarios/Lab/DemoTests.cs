using System.Text.Json;
using System.Xml.Linq;
using DrMesh.TestKit;

namespace DrMesh.Scenarios.Lab;

/// <summary>The demo from its first to its last act, with the figures a program reads.</summary>
[Collection(nameof(Alone))]
public sealed class DemoTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Demo_WholeStory_LosesNothingIsSoonBackAndFindsEveryRow()
    {
        using var folder = await TestDirectory.CreateAsync();
        var picture = Path.Combine(folder.Path, "demo.svg");
        using var run = await LabRun.StartAsync("demo", "--output", "json", "--picture", picture);

        var exitCode = await run.EndAsync(TimeSpan.FromMinutes(8));

        output.WriteLine(run.Log);
        output.WriteLine(run.Output);
        exitCode.ShouldBe(0, run.Log);
        using var document = JsonDocument.Parse(run.Output);
        var figures = document.RootElement;
        Number(figures, "backup", "seconds").ShouldBeGreaterThan(0);
        Number(figures, "backup", "bytes").ShouldBeGreaterThan(20 << 20);
        Number(figures, "backup", "parts").ShouldBeGreaterThanOrEqualTo(1);
        var gap = Number(figures, "failover", "writeGapSeconds");
        gap.ShouldBeInRange(0.05, 10, "the service's clients wait this long when a region is lost");
        (Number(figures, "failover", "detectSeconds") + Number(figures, "failover", "promoteSeconds")).ShouldBeLessThan(gap + 1);
        Number(figures, "failover", "dnsSeconds").ShouldBeGreaterThan(0);
        Number(figures, "failover", "lostRows").ShouldBe(0);
        Number(figures, "failover", "doubleAckedRows").ShouldBe(0);
        Number(figures, "failback", "writeGapSeconds").ShouldBeInRange(0, 10);
        Number(figures, "failback", "lostRows").ShouldBe(0);
        var pitr = figures.GetProperty("pitr");
        pitr.GetProperty("reachedTime").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(pitr.GetProperty("targetTime").GetDateTimeOffset());
        Number(figures, "pitr", "rowsExpected").ShouldBeGreaterThan(10_000);
        Number(figures, "pitr", "rowsFound").ShouldBe(Number(figures, "pitr", "rowsExpected"));
        XDocument.Load(picture).Root!.Value.ShouldContain("A table is dropped by mistake");
        await run.NothingIsLeftAsync([]);
    }

    private static double Number(JsonElement figures, string act, string figure) => figures.GetProperty(act).GetProperty(figure).GetDouble();
}
