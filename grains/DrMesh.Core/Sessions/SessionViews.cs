using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Sessions;

/// <summary>What others see of a stored session.</summary>
public static class SessionViews
{
    /// <summary>The session in one message.</summary>
    public static SessionSummary Summarize<TPlan>(SessionState<TPlan> state, Func<StepRecord, string?>? progress = null)
        where TPlan : class
    {
        ArgumentNullException.ThrowIfNull(state);
        return new SessionSummary
        {
            Id = state.Id,
            Subject = state.Subject,
            Title = state.Title,
            Status = state.Status,
            Phase = state.Phase.Value,
            StartedBy = state.StartedBy,
            StartedAt = state.StartedAt,
            UpdatedAt = state.UpdatedAt,
            EndedAt = state.EndedAt,
            Outcome = state.Outcome,
            Steps = [.. state.Steps.Select(step => Summarize(step, progress?.Invoke(step)))],
            Approval = state.Asked,
            LastSequence = state.LastSequence,
        };
    }

    /// <summary>The session as a list shows it.</summary>
    public static SessionEntry ToEntry<TPlan>(SessionState<TPlan> state)
        where TPlan : class
    {
        ArgumentNullException.ThrowIfNull(state);
        return new SessionEntry
        {
            Id = state.Id,
            Subject = state.Subject,
            Title = state.Title,
            Status = state.Status,
            Phase = state.Phase.Value,
            StartedBy = state.StartedBy,
            StartedAt = state.StartedAt,
            EndedAt = state.EndedAt,
            Outcome = state.Outcome,
        };
    }

    private static StepSummary Summarize(StepRecord step, string? progress) => new()
    {
        Step = step.Step.Value,
        Target = step.Target,
        Phase = step.Phase.Value,
        Status = step.Status,
        Attempts = step.Attempts,
        StartedAt = step.StartedAt,
        EndedAt = step.EndedAt,
        Progress = progress,
        Reason = step.Reason,
        Evidence = step.Evidence,
    };
}
