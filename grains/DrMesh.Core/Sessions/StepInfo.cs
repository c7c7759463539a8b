namespace DrMesh.Core.Sessions;

/// <summary>What a machine says about one of its steps.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
public sealed record StepInfo<TPlan>(StepName Name)
    where TPlan : class
{
    /// <summary>What the step acts on in this session, evaluated when its phase is entered; none: the step is left out. All targets run side by side.</summary>
    public Func<SessionState<TPlan>, IEnumerable<string>> Targets { get; init; } = static _ => [""];

    /// <summary>How often it is tried again.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Standard;

    /// <summary>How long one attempt may take before it is stopped and its outcome counts as unknown.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>True: when it fails the session goes on, and its end is <c>Degraded</c> and names the step.</summary>
    public bool IsOptional { get; init; }
}
