using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>What is left alone, brought back, brought further and overwritten where the other site comes up from the repository.</summary>
public sealed class SiteStrategyTests
{
    private static readonly MemberStatus Dark = new() { Role = MemberRole.Stopped, Epoch = 1, IsFenced = false };
    private static readonly MemberStatus Copy = Facts.Standby with { Upstream = null };

    [Theory]
    [InlineData(FailoverStrategy.PilotLight, "us", "eu", true)]
    [InlineData(FailoverStrategy.WarmStandby, "us", "eu", true)]
    [InlineData(FailoverStrategy.HotStandby, "us", "eu", false)]
    [InlineData(FailoverStrategy.PilotLight, "eu", "eu", false)]
    [InlineData(FailoverStrategy.PilotLight, "ap", "us", true)]
    [InlineData(FailoverStrategy.PilotLight, "eu", "us", false)]
    [InlineData(FailoverStrategy.PilotLight, "us", "us", false)]
    public void Keeps_TheOtherSitesButWhoLeads(FailoverStrategy strategy, string member, string primary, bool kept) =>
        SiteStrategy.Keeps(strategy, Facts.Cluster, Facts.Record with { Primary = primary }, member).ShouldBe(kept);

    [Fact]
    public void Upkeep_KeptSite_IsLeftAlone_UnlessItLeadsBesideThePrimary()
    {
        Reason(Dark, isKept: false).ShouldNotBeNull();
        Reason(Dark, isKept: true).ShouldBeNull();
        Reason(Copy, isKept: true).ShouldBeNull();
        Reason(Facts.Primary, isKept: true)!.ShouldContain("serves as a primary beside eu");
    }

    [Fact]
    public void Findings_KeptSite_IsNoFinding()
    {
        var pilot = Facts.Estate with { Policies = [new PolicyDefinition { Name = "policy", Failover = new FailoverPolicy { Strategy = FailoverStrategy.PilotLight } }] };

        Findings(Facts.Estate).ShouldContain(finding => finding.Contains("us is stopped"));
        Findings(pilot).ShouldBeEmpty();
    }

    [Fact]
    public void IsDue_WarmCopyThatFollowsNobody_OnceAPeriod()
    {
        Due(Dark).ShouldBeTrue("it was never filled");
        Due(Copy).ShouldBeTrue();
        Due(Copy, since: WarmCopies.Period / 2).ShouldBeFalse();
        Due(Copy, since: WarmCopies.Period).ShouldBeTrue();
        Due(null).ShouldBeFalse("its agent does not answer");
        Due(Facts.Standby).ShouldBeFalse("it streams");
        Due(Facts.Primary).ShouldBeFalse();
        Due(Dark with { IsShutDown = true }).ShouldBeFalse("a person shut it down");
        Due(Copy, record: Facts.Record with { Session = new Contracts.Sessions.SessionId("recovery-1") }).ShouldBeFalse("the session brings it up itself");
        Due(Copy, record: Facts.Record with { Primary = "ap" }).ShouldBeFalse("it leads");
        Due(Copy, FailoverStrategy.PilotLight).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, false, false, false, SiteCopy.Restore)]
    [InlineData(false, true, true, true, SiteCopy.Restore)]
    [InlineData(false, false, true, false, SiteCopy.Follow)]
    [InlineData(false, false, true, true, SiteCopy.KeepAside)]
    [InlineData(false, false, false, false, SiteCopy.KeepAside)]
    public void Decide_WhatMayHoldCommitsNobodyElseHas_IsNeverOverwritten(bool isEmpty, bool isHalfRestored, bool isStandby, bool isFenced, SiteCopy expected) =>
        SiteCopies.Decide(isEmpty, isHalfRestored, isStandby, isFenced).ShouldBe(expected);

    private static string? Reason(MemberStatus status, bool isKept) => MemberUpkeep.RejoinReason(Facts.Record, Facts.Cluster.Members[0], "eu.test", "us", status, isKept);

    private static IReadOnlyList<string> Findings(EstateDocument estate) =>
        [.. ClusterFindings.Of(estate, Facts.Cluster, Facts.Record, [View("eu", Facts.Primary), View("us", Dark with { IsShutDown = true }), View("ap", Copy)])];

    private static MemberView View(string name, MemberStatus status) =>
        new() { Name = name, Node = Facts.Cluster.Members.Single(member => member.Name == name).Node, Status = status };

    private static bool Due(MemberStatus? status, FailoverStrategy strategy = FailoverStrategy.WarmStandby, TimeSpan? since = null, ClusterRecord? record = null) =>
        WarmCopies.IsDue(strategy, Facts.Cluster, record ?? Facts.Record, "ap", status, since);
}
