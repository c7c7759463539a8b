using System.Text.Json;

namespace DrMesh.Scenarios.Lab;

/// <summary>
/// One world in network namespaces, broken in one way after the other while writers in every region write. What the whole run shows is judged by the lab's own checker; each fault's
/// own figures are looked at here.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FaultTests(ITestOutputHelper output)
{
    private const string InOneLife = "kill-primary:2,kill-silo:3,freeze-primary:30,cut-primary:20,cut-store-leader:16,disk-full:8";

    [Fact]
    public async Task S1S2_RegionsKilledFrozenAndCutOff_NothingIsLostAndNobodyAcknowledgesTwice()
    {
        using var run = await LabRun.StartAsync("lab", "chaos", "--faults", InOneLife, "--output", "json");

        var exitCode = await run.EndAsync(TimeSpan.FromMinutes(10));

        output.WriteLine(run.Log);
        output.WriteLine(run.Output);
        exitCode.ShouldBe(0, run.Log + run.Output);
        using var document = JsonDocument.Parse(run.Output);
        var report = document.RootElement;
        report.GetProperty("acknowledged").GetInt32().ShouldBeGreaterThan(2_000);
        report.GetProperty("lost").GetInt32().ShouldBe(0);
        report.GetProperty("doubleAcknowledged").GetInt32().ShouldBe(0);
        var faults = report.GetProperty("faults").EnumerateArray().ToDictionary(fault => fault.GetProperty("name").GetString()!);
        faults.Count.ShouldBe(InOneLife.Split(',').Length);
        foreach (var lost in new[] { "kill-primary", "freeze-primary", "cut-primary" })
        {
            faults[lost].GetProperty("moved").GetBoolean().ShouldBeTrue($"{lost} takes the primary away for longer than the policy's limit, and the control store's leader, where that was lost with it, for longer than its ttl");
            output.WriteLine($"{lost}: no write for {faults[lost].GetProperty("writeGapSeconds").GetDouble():0.0} s, the control store's leader in {faults[lost].GetProperty("storeLeader").GetString()}, struck {faults[lost].GetProperty("region").GetString()}");
        }

        faults["cut-store-leader"].GetProperty("storeLeaderAfter").GetString().ShouldNotBe(
            faults["cut-store-leader"].GetProperty("region").GetString(), "a leader that comes back does not depose the one that was promoted, whose acknowledged epochs would be lost");
        faults["kill-silo"].GetProperty("moved").GetBoolean().ShouldBeFalse("a dead silo is no dead database");
        faults["kill-silo"].GetProperty("writeGapSeconds").GetDouble().ShouldBeLessThan(3, "S4: a dead control plane harms nobody");
        faults["disk-full"].GetProperty("writeGapSeconds").GetDouble().ShouldBeLessThan(20, "the other standby acknowledges");
        await run.NothingIsLeftAsync([]);
    }
}
