using System.Text.Json;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.TestKit.Crash;

namespace DrMesh.Core.Tests.Sessions;

public sealed class StateJsonTests
{
    private static MachineDriver<RelayPlan> Relay() =>
        new MachineDriver<RelayPlan>(RelayMachine.Create(), new RelayPlan { Parcels = ["a"] }).Begin();

    [Fact]
    public void Options_State_IsReadByNameAndComesBackEqual()
    {
        var state = Relay().End(RelayMachine.OpenRoad, StepResult.Done(("width", "3 m")) with { RaisedEpoch = 4 }).State;

        var text = JsonSerializer.Serialize(state, StateJson.Options);
        var back = JsonSerializer.Deserialize<SessionState<RelayPlan>>(text, StateJson.Options)!;

        text.ShouldContain("\"phase\":\"Carrying\"");
        text.ShouldContain("\"id\":\"test-1\"");
        text.ShouldContain("\"status\":\"Intended\"");
        JsonSerializer.Serialize(back, StateJson.Options).ShouldBe(text);
        back.Epochs["road"].ShouldBe(4);
    }

    [Fact]
    public void Options_StateOfSchema1_IsFinishedByThisProgram()
    {
        var stored = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sessions", "relay-schema-1.json"));
        var state = JsonSerializer.Deserialize<SessionState<RelayPlan>>(stored, StateJson.Options)!;
        var machine = RelayMachine.Create();

        var woken = machine.Decide(state, new SessionInput.Woken(state.UpdatedAt, "silo-2"));
        var carry = woken.Effects.OfType<SessionEffect.RunStep>().ShouldHaveSingleItem();
        var carried = machine.Decide(woken.State, new SessionInput.StepEnded(state.UpdatedAt, carry.Key, StepResult.Done()));
        var hand = carried.Effects.OfType<SessionEffect.RunStep>().ShouldHaveSingleItem();
        var handed = machine.Decide(carried.State, new SessionInput.StepEnded(state.UpdatedAt, hand.Key, StepResult.Done()));
        var card = handed.Effects.OfType<SessionEffect.RunStep>().ShouldHaveSingleItem();

        machine.Decide(handed.State, new SessionInput.StepEnded(state.UpdatedAt, card.Key, StepResult.Done()))
            .State.Status.ShouldBe(SessionStatus.Succeeded);
    }
}
