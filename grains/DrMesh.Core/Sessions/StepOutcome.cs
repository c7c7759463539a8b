namespace DrMesh.Core.Sessions;

/// <summary>How one start of a step ended.</summary>
public enum StepOutcome
{
    /// <summary>The aim is reached, now or before: "already so" is success.</summary>
    Done,

    /// <summary>It did not take effect, and never will.</summary>
    Failed,

    /// <summary>It may have taken effect, or still may.</summary>
    Unknown,

    /// <summary>It was stopped on request before its end; what it had done so far is for the undoing steps to find.</summary>
    Stopped,
}
