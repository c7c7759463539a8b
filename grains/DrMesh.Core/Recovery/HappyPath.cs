using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Recovery;

/// <summary>A phase a plan goes through when every step goes well.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Steps">Its steps, in order; those that have nothing to act on are left out.</param>
/// <param name="Targets">What the steps act on.</param>
/// <param name="Reason">Why it is entered.</param>
public sealed record HappyPath(Phase Phase, ImmutableArray<StepName> Steps, ImmutableArray<string> Targets, string Reason)
{
    /// <summary>Leads the machine itself through a plan: every step is done, every choice acceptable, every approval given.</summary>
    public static ImmutableArray<HappyPath> Of(RecoveryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var at = DateTimeOffset.UnixEpoch;
        var state = DrSession.Machine.Create(new SessionId("plan"), plan.Application, "", "", plan, at);
        Queue<SessionInput> inputs = new([new SessionInput.Begun(at)]);
        while (inputs.TryDequeue(out var input))
        {
            var decision = DrSession.Machine.Decide(state, input);
            state = decision.State;
            foreach (var run in decision.Effects.OfType<SessionEffect.RunStep>())
            {
                inputs.Enqueue(new SessionInput.StepEnded(at, run.Key, StepResult.Done(("acceptable", "true"))));
            }

            if (inputs.Count == 0 && state.Asked is { } asked)
            {
                inputs.Enqueue(new SessionInput.ApprovalGiven(at, asked.Name, asked.ApprovedBy.Length.ToString(CultureInfo.InvariantCulture)));
            }
        }

        return
        [
            .. state.Transitions.Select((moved, index) => (moved, Steps: state.Steps.Where(step => step.Visit == index + 1).ToArray())).Select(entry => new HappyPath(
                new Phase(entry.moved.To), [.. entry.Steps.Select(step => step.Step).Distinct()], [.. entry.Steps.Select(step => step.Target).Distinct()], entry.moved.Reason)),
        ];
    }
}
