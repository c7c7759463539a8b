using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Tests.Sessions;

/// <summary>Hands inputs to a machine as the shell would, without storing or running anything.</summary>
internal sealed class MachineDriver<TPlan>(SessionMachine<TPlan> machine, TPlan plan)
    where TPlan : class
{
    public static readonly DateTimeOffset Epoch = new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);

    public SessionMachine<TPlan> Machine { get; } = machine;

    public SessionState<TPlan> State { get; private set; } = machine.Create(new SessionId("test-1"), "thing", "a test", "tester", plan, Epoch);

    public DateTimeOffset Now { get; set; } = Epoch;

    /// <summary>Started and not yet reported.</summary>
    public List<SessionEffect.RunStep> Running { get; } = [];

    public List<SessionEffect> Effects { get; } = [];

    public string? Dropped { get; private set; }

    public MachineDriver<TPlan> Begin() => Give(new SessionInput.Begun(Now));

    public MachineDriver<TPlan> Give(SessionInput input)
    {
        var decision = Machine.Decide(State, input);
        State = decision.State;
        Dropped = decision.Dropped;
        Effects.Clear();
        Effects.AddRange(decision.Effects);
        Running.AddRange(decision.Effects.OfType<SessionEffect.RunStep>());
        return this;
    }

    public MachineDriver<TPlan> End(StepName step, StepResult result, string? target = null)
    {
        var run = Running.Single(run => run.Key.Step == step && (target is null || run.Key.Target == target));
        Running.Remove(run);
        return Give(new SessionInput.StepEnded(Now, run.Key, result));
    }

    public MachineDriver<TPlan> Done(StepName step, string? target = null) => End(step, StepResult.Done(), target);

    public StepStatus StatusOf(StepName step, string target = "") => State.Find(step, target)!.Status;
}
