using CsCheck;
using DrMesh.Core.Tests.Recovery.Simulation;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>The lease against cut links, lost answers, restarts, frozen agents and clocks that run apart; and the same world finding out when a rule is taken away.</summary>
public sealed class LeaseSimulationTests
{
    private const int Tried = 3000;

    [Fact]
    public void S1_WhateverIsCutFrozenOrRestarted_NobodyWritesBesideThePromoted() => Gen.Int.Sample(seed =>
    {
        if (new LeaseWorld(seed, LeaseMutation.None).Run().Violation is { } violation)
        {
            throw new ShouldAssertException($"seed {seed}: {violation}");
        }
    }, iter: Tried);

    [Fact]
    public void Simulation_PromotesAndRenewsByAgents_OftenEnoughToProveAnything()
    {
        var worlds = Enumerable.Range(0, 300).Select(seed => new LeaseWorld(seed, LeaseMutation.None).Run()).ToArray();

        worlds.Count(world => world.IsPromoted).ShouldBeGreaterThan(100);
        worlds.Count(world => world.Granted > 0).ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData(nameof(LeaseMutation.PromoterDoesNotWait))]
    [InlineData(nameof(LeaseMutation.PromoterNeedsNoMajority))]
    [InlineData(nameof(LeaseMutation.HolderCountsFromTheAnswer))]
    [InlineData(nameof(LeaseMutation.AgentThatAnsweredIsEnough))]
    [InlineData(nameof(LeaseMutation.GranterForgetsItsGrantInARestart))]
    [InlineData(nameof(LeaseMutation.NothingEndsTheDatabaseOfAFrozenAgent))]
    [InlineData(nameof(LeaseMutation.ClocksRunFurtherApartThanTheMargin))]
    public void Simulation_RuleTakenAway_IsFound(string mutation) =>
        Enumerable.Range(0, Tried).Any(seed => new LeaseWorld(seed, Enum.Parse<LeaseMutation>(mutation)).Run().Violation is not null).ShouldBeTrue($"{mutation} harms nobody in {Tried} worlds");
}
