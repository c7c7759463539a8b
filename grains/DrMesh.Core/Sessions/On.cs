using System.Diagnostics.CodeAnalysis;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Sessions;

/// <summary>The guards every machine needs. A table's file says <c>using On = DrMesh.Core.Sessions.On&lt;ItsPlan&gt;;</c>.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
[SuppressMessage("Design", "CA1000", Justification = "a table names its plan once, in the alias, and then reads as On.StepsDone")]
public static class On<TPlan>
    where TPlan : class
{
    /// <summary>A person asked to cancel.</summary>
    public static Guard<TPlan> CancelAsked { get; } = new("CancelAsked", state => state.Cancel is not null);

    /// <summary>Every step of the phase is done, or failed and was optional; also when the phase has none.</summary>
    public static Guard<TPlan> StepsDone { get; } =
        new("StepsDone", state => state.CurrentSteps.All(step => step.Status is StepStatus.Done || IsTolerated(state, step)));

    /// <summary>A step of the phase that was not optional has failed as often as it may, or its outcome stays unknown.</summary>
    public static Guard<TPlan> StepFailed { get; } =
        new("StepFailed", state => state.CurrentSteps.Any(step => IsLost(step) && !IsTolerated(state, step)));

    /// <summary>Enough people approved what the phase asks.</summary>
    public static Guard<TPlan> Approved { get; } = new("Approved", state => state.Asked is { } asked && asked.ApprovedBy.Length >= asked.ApproversNeeded);

    /// <summary>The phase lasts longer than its limit.</summary>
    public static Guard<TPlan> Overdue { get; } = new("Overdue", state => state.Deadline is { } deadline && state.UpdatedAt >= deadline);

    /// <summary>Always; the last row of a phase.</summary>
    public static Guard<TPlan> Otherwise { get; } = new("Otherwise", static _ => true);

    private static bool IsLost(StepRecord step) => step.Status is StepStatus.Failed or StepStatus.Unknown;

    private static bool IsTolerated(SessionState<TPlan> state, StepRecord step) => IsLost(step) && state.OptionalSteps.Contains(step.Step.Value);
}
