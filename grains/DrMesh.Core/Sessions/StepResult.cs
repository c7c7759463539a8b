using System.Collections.Immutable;

namespace DrMesh.Core.Sessions;

/// <summary>What a runner returns: how the start ended and what it found.</summary>
public sealed record StepResult
{
    /// <summary>How it ended.</summary>
    public required StepOutcome Outcome { get; init; }

    /// <summary>Facts with their values: LSNs, times, answers. Kept for ever with the session; numbers in the invariant culture.</summary>
    public ImmutableSortedDictionary<string, string> Evidence { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Why it did not reach its aim, with values.</summary>
    public string? Reason { get; init; }

    /// <summary>False: trying again cannot help, whatever the retry policy says.</summary>
    public bool Retryable { get; init; } = true;

    /// <summary>The target's epoch from here on, when the step raised it.</summary>
    public long? RaisedEpoch { get; init; }

    /// <summary>The aim is reached.</summary>
    public static StepResult Done(params ReadOnlySpan<(string Name, string Value)> evidence) =>
        new() { Outcome = StepOutcome.Done, Evidence = ToEvidence(evidence) };

    /// <summary>It did not take effect; it may be tried again.</summary>
    public static StepResult Failed(string reason, params ReadOnlySpan<(string Name, string Value)> evidence) =>
        new() { Outcome = StepOutcome.Failed, Reason = reason, Evidence = ToEvidence(evidence) };

    /// <summary>It did not take effect, and trying again cannot help.</summary>
    public static StepResult Refused(string reason, params ReadOnlySpan<(string Name, string Value)> evidence) =>
        new() { Outcome = StepOutcome.Failed, Reason = reason, Retryable = false, Evidence = ToEvidence(evidence) };

    /// <summary>It may have taken effect.</summary>
    public static StepResult Unknown(string reason, params ReadOnlySpan<(string Name, string Value)> evidence) =>
        new() { Outcome = StepOutcome.Unknown, Reason = reason, Evidence = ToEvidence(evidence) };

    /// <summary>It was stopped on request.</summary>
    public static StepResult Stopped(string reason) => new() { Outcome = StepOutcome.Stopped, Reason = reason };

    private static ImmutableSortedDictionary<string, string> ToEvidence(ReadOnlySpan<(string Name, string Value)> evidence)
    {
        var builder = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in evidence)
        {
            builder[name] = value;
        }

        return builder.ToImmutable();
    }
}
