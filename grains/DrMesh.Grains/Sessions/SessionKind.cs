using DrMesh.Contracts.Errors;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Sessions;

/// <summary>A machine with the runners of its steps.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
public sealed class SessionKind<TPlan> : ISessionKindCheck
    where TPlan : class
{
    private readonly Dictionary<StepName, IStepRunner<TPlan>> _runners;

    /// <summary>Brings them together; <see cref="Check"/> says whether they fit.</summary>
    public SessionKind(SessionMachine<TPlan> machine, IEnumerable<IStepRunner<TPlan>> runners)
    {
        Machine = machine;
        _runners = runners.ToDictionary(runner => runner.Step);
    }

    /// <summary>What decides.</summary>
    public SessionMachine<TPlan> Machine { get; }

    /// <summary>Who does a step.</summary>
    public IStepRunner<TPlan> RunnerOf(StepName step) => _runners[step];

    /// <inheritdoc/>
    public void Check()
    {
        var missing = Machine.Steps.Select(step => step.Name).Except(_runners.Keys).ToArray();
        var problems = MachineChecks.Problems(Machine);
        if (missing.Length > 0 || problems.Count > 0)
        {
            throw new DrMeshException(
                DrMeshError.Unexpected,
                $"the session kind {Machine.Kind} is not whole: {string.Join("; ", problems.Concat(missing.Select(step => $"step {step} has no runner")))}",
                "this is a bug in DrMesh");
        }
    }
}
