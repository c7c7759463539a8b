using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>A fake of the step that moves names: the name's answer outlives every silo, and an answer that is right already is left.</summary>
internal sealed class FakeSwitch(FakeDatabases databases) : IStepRunner<RecoveryPlan>
{
    public StepName Step => DrSteps.SwitchService;

    public Task<StepResult> RunAsync(StepContext<RecoveryPlan> context, CancellationToken cancellationToken)
    {
        databases.Answer(context.State.Evidence(DrSteps.ChooseCandidate, RecoveryEstate.Cluster.Value, "candidate")!);
        return Task.FromResult(StepResult.Done());
    }
}
