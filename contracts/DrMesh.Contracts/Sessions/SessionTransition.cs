namespace DrMesh.Contracts.Sessions;

/// <summary>One change of phase.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.session-transition")]
public sealed record SessionTransition
{
    /// <summary>When.</summary>
    [Id(0)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The rule's stable id, for example <c>DR130</c>.</summary>
    [Id(1)]
    public required string Rule { get; init; }

    /// <summary>The phase before.</summary>
    [Id(2)]
    public required string From { get; init; }

    /// <summary>The phase after.</summary>
    [Id(3)]
    public required string To { get; init; }

    /// <summary>The rule's reason.</summary>
    [Id(4)]
    public required string Reason { get; init; }
}
