using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>DR sessions that an older program stored are finished by this one.</summary>
public sealed class DrSessionSchemaTests
{
    [Theory]
    [InlineData("validating", "MovingSets carts, SwitchingTraffic web")]
    [InlineData("moving-sets", "SwitchingTraffic web")]
    [InlineData("without-sets", "Promoting orders, Validating orders, SwitchingTraffic web")]
    public void Adopt_StateOfSchema1_IsFinishedInTheOrderOfThen(string name, string moves)
    {
        var stored = JsonSerializer.Deserialize<SessionState<RecoveryPlan>>(Text(name), StateJson.Options)!;

        var state = Finish(DrSession.Machine.Adopt(stored));

        stored.SchemaVersion.ShouldBe(1);
        state.SchemaVersion.ShouldBe(2, "the program that wrote it must not take it up again");
        state.Status.ShouldBe(SessionStatus.Succeeded, state.Outcome);
        string[] passed = ["Quiescing", "Stabilising", "Completed"];
        state.Transitions.Skip(stored.Transitions.Count).Where(moved => !passed.Contains(moved.To))
            .Select(moved => $"{moved.To} {string.Join(' ', state.Steps.Where(step => step.Phase.Value == moved.To).Select(step => step.Target).Distinct())}")
            .ShouldBe(moves.Split(", "));
        JsonSerializer.Serialize(state, StateJson.Options).ShouldContain("\"order\":[");
    }

    [Fact]
    public void Adopt_StateOfSchema1_StepsThatAreOptionalByNowOnlyDegradeIt()
    {
        var stored = JsonSerializer.Deserialize<SessionState<RecoveryPlan>>(Text("moving-sets"), StateJson.Options)!;
        stored.OptionalSteps.ShouldNotContain("SettleSet");

        var state = Finish(DrSession.Machine.Adopt(stored), refused: DrSteps.SettleSet);

        state.Status.ShouldBe(SessionStatus.Degraded);
    }

    [Fact]
    public void Adopt_NewerSchema_IsRefusedInOneSentence()
    {
        var newer = DrSession.Machine.Create(new SessionId("recovery-1"), "shop", "a test", "ann", MovePlans.Of(Contracts.Recovery.RecoveryKind.Failover, "orders"), DateTimeOffset.UnixEpoch) with { SchemaVersion = 3 };

        var refused = Should.Throw<DrMeshException>(() => DrSession.Machine.Adopt(newer));

        (refused.Code, refused.Message).ShouldBe((DrMeshError.StateUnreadable, "session recovery-1 was written with schema 3 of recovery sessions, this silo reads up to 2"));
    }

    private static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recovery", $"recovery-schema-1-{name}.json"));

    private static SessionState<RecoveryPlan> Finish(SessionState<RecoveryPlan> state, StepName? refused = null)
    {
        var running = new Queue<StepKey>();
        Give(new SessionInput.Woken(state.UpdatedAt, "silo-2"));
        while (running.TryDequeue(out var key))
        {
            Give(new SessionInput.StepEnded(state.UpdatedAt, key, key.Step == refused ? StepResult.Refused("no") : MovePlans.Well(key, state)));
        }

        return state;

        void Give(SessionInput input)
        {
            var decision = DrSession.Machine.Decide(state, input);
            state = decision.State;
            foreach (var run in decision.Effects.OfType<SessionEffect.RunStep>())
            {
                running.Enqueue(run.Key);
            }
        }
    }
}
