using System.Collections.Immutable;

namespace DrMesh.Contracts.Sessions;

/// <summary>A whole session after the fact: who, what, when, why, on which evidence.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.session-explanation")]
public sealed record SessionExplanation
{
    /// <summary>How it stands, with its steps and their evidence.</summary>
    [Id(0)]
    public required SessionSummary Summary { get; init; }

    /// <summary>Each change of phase with the rule that made it and that rule's reason.</summary>
    [Id(1)]
    public required ImmutableArray<SessionTransition> Transitions { get; init; }

    /// <summary>Every kept event.</summary>
    [Id(2)]
    public required ImmutableArray<SessionEvent> Events { get; init; }

    /// <summary>The plan as it was accepted, JSON.</summary>
    [Id(3)]
    public required string Plan { get; init; }
}
