using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Schedules;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>Texts of acknowledging sets, an observer's view, windows of time, and what is found wrong of a cluster.</summary>
public sealed class SmallDecisionsTests
{
    private static readonly Gen<AcknowledgingSet> Sets =
        from members in Gen.Char.AlphaNumeric.Array[1, 6].Select(letters => new string(letters)).Array[1, 5]
        from needed in Gen.Int[1, 5]
        select AcknowledgingSet.Of(needed, members);

    [Fact]
    public void AcknowledgingSetText_AnySets_AreReadAsTheyWereWritten() =>
        Sets.List[0, 4].Sample(sets => AcknowledgingSetText.Read(AcknowledgingSetText.Write(sets)).ShouldBe(sets));

    [Fact]
    public void AcknowledgingSetText_WhatIsSetOnAServer_IsReadFromIt() => Sets.Sample(set => AcknowledgingSetText.OfSetting(set.ToString()).ShouldBe(set));

    [Theory]
    [InlineData("", "0:")]
    [InlineData("us", "1:us")]
    [InlineData("us, \"eu\"", "1:eu,us")]
    [InlineData("2 (a, b, c)", "2:a,b,c")]
    [InlineData("first 2 (a,b,c)", "2:a,b,c")]
    [InlineData("ANY 1 (\"eu-1\")", "1:eu-1")]
    [InlineData("*", null)]
    [InlineData("ANY 1 (*)", null)]
    [InlineData("ANY x (a)", null)]
    public void OfSetting_WrittenByHand_IsUnderstoodOrNotGuessed(string setting, string? expected) =>
        (AcknowledgingSetText.OfSetting(setting) is { } set ? AcknowledgingSetText.Write([set]) : null).ShouldBe(expected);

    [Fact]
    public void PrimaryView_TimesBeginWithTheFirstOfARow()
    {
        var view = PrimaryView.Of("eu").After(At(1), "refused").After(At(2), "timed out");

        view.ShouldBe(new PrimaryView("eu", At(1), null, "timed out"));
        view.After(At(3), null).After(At(4), null).ShouldBe(new PrimaryView("eu", null, At(3), null));
    }

    [Theory]
    [InlineData("2026-11-24T06:00:00Z", true)]
    [InlineData("2026-11-24T06:59:59Z", true)]
    [InlineData("2026-11-24T07:00:00Z", false)]
    [InlineData("2026-11-24T05:59:59Z", false)]
    public void CronWindow_HoldsFromItsBeginningAndNotAtItsEnd(string now, bool holds) =>
        CronWindow.Holds("0 7 * * *", "Europe/Berlin", TimeSpan.FromHours(1), DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(holds);

    [Fact]
    public void Findings_AllWell_None() => Findings(Facts.Record, Facts.Primary, Facts.Standby).ShouldBeEmpty();

    [Fact]
    public void Findings_EachTrouble_IsNamedWithItsNextStep()
    {
        Findings(Facts.Record, Facts.Primary, Facts.Primary)[0].ShouldBe("eu and us both serve as primary; the mesh fences the one that does not lead by the control store");
        Findings(null, Facts.Primary, Facts.Standby).ShouldHaveSingleItem().ShouldContain("has not taken orders on yet");
        Findings(null, Facts.Standby, Facts.Standby)[0].ShouldContain("start its primary");
        Findings(Facts.Record, Facts.Primary, Facts.Standby with { SystemId = 8 })[0].ShouldContain("system identifiers differ");
        Findings(Facts.Record, Facts.Primary with { WalLevel = "minimal" }, Facts.Standby).ShouldHaveSingleItem().ShouldContain("set it to replica");
        Findings(Facts.Record, Facts.Primary, Facts.Standby with { CanRewind = false }).ShouldHaveSingleItem().ShouldContain("wal_log_hints");
        Findings(Facts.Record, Facts.Primary, Facts.Standby with { Upstream = null }).ShouldHaveSingleItem().ShouldContain("us follows nobody");
        Findings(Facts.Record, Facts.Primary, Facts.Standby with { Upstream = "elsewhere:1" }).ShouldHaveSingleItem().ShouldContain("eu.test:5432");
        Findings(Facts.Record, Facts.Primary, Facts.Standby with { Role = MemberRole.Stopped }).ShouldHaveSingleItem().ShouldBe("us is stopped; start it");
        Findings(Facts.Record, Facts.Primary, Facts.Standby with { Role = MemberRole.Stopped, IsFenced = true }).ShouldHaveSingleItem().ShouldContain("rejoins by itself");
        Findings(Facts.Record, Facts.Primary, Facts.Standby with { Role = MemberRole.Unresponsive }).ShouldHaveSingleItem().ShouldContain("look at its log");
        Findings(Facts.Record, Facts.Primary, Facts.Standby with { HostProblem = "its Patroni is resumed; pause it" }).ShouldHaveSingleItem()
            .ShouldBe("us: its Patroni is resumed; pause it; until then its agent refuses most orders");
        Findings(Facts.Record.Change(AcknowledgingSet.Nobody), Facts.Primary, Facts.Standby).ShouldHaveSingleItem().ShouldContain("a change of whom commits wait for is open");
        Findings(Facts.Record with { OpenSets = [AcknowledgingSet.Nobody] }, Facts.Primary, Facts.Standby).ShouldHaveSingleItem().ShouldStartWith("commits wait for nobody although orders is declared quorum");
        Findings(Facts.Record.Promote("us", Facts.Quorum), Facts.Primary, Facts.Standby).ShouldHaveSingleItem().ShouldContain("drmesh failover settles who leads");
        Findings(Facts.Record.Promote("us", Facts.Quorum) with { Session = new SessionId("x") }, Facts.Primary, Facts.Standby).ShouldBeEmpty("a session is at work");
    }

    private static IReadOnlyList<string> Findings(ClusterRecord? record, MemberStatus eu, MemberStatus us)
    {
        MemberView View(string name, MemberStatus status) => new() { Name = name, Node = Facts.Member(name).Node, Status = status };
        return [.. ClusterFindings.Of(Facts.Estate, Facts.Cluster, record, [View("eu", eu), View("us", us), View("ap", Facts.Standby)])];
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
