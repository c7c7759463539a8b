using System.Collections.Immutable;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery;

public sealed class LossAccountTests
{
    private static readonly ImmutableSortedDictionary<string, string> Counted =
        ImmutableSortedDictionary<string, string>.Empty.Add("method", "rewind").Add(LossAccount.Bytes, "1200").Add(LossAccount.Commits, "3");

    [Theory]
    [InlineData("1200", "at most 1200 bytes", false)]
    [InlineData("1199", "at most 1199 bytes", true)]
    [InlineData("unknown", "unknown", false)]
    public void Of_ShownAndCounted_StandSideBySideAndMoreThanShownIsSaid(string shown, string text, bool isBeyond)
    {
        var account = LossAccount.Of(Shown(shown), Counted);

        (account["lossShown"], account["lossCounted"]).ShouldBe((text, "1200 bytes with 3 commits"));
        account.ContainsKey(LossAccount.Beyond).ShouldBe(isBeyond);
        if (isBeyond)
        {
            account[LossAccount.Beyond].ShouldStartWith("1200 bytes were lost, 1199 were shown before the decision");
        }
    }

    [Fact]
    public void Of_CopiedAnew_IsNotCounted() =>
        LossAccount.Of(Shown("5"), ImmutableSortedDictionary<string, string>.Empty.Add("method", "re-seed"))["lossCounted"].ShouldBe("not counted");

    [Fact]
    public void Confirm_CommitsWaitForStandbys_WhatWasShownBeforeCountsNoMore() =>
        Facts.Record.Confirm("us", Shown("5")).Confirm("ap").Shown.ShouldBeNull("what the old primary alone has was never acknowledged");

    private static ShownLoss Shown(string bytes) => new() { Session = new SessionId("s"), OldPrimary = "eu", Bytes = ExpectedLoss.Parse(bytes).Bytes };
}
