namespace DrMesh.Contracts.Traffic;

/// <summary>What a switch would do now, from what was read at the provider; making it touches nothing.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.traffic-plan")]
public sealed record TrafficPlan
{
    /// <summary>The changes, one line each; empty: it is already so, or refused.</summary>
    [Id(0)]
    public required IReadOnlyList<string> Changes { get; init; }

    /// <summary>What a person should know, for example a TTL above 60 s.</summary>
    [Id(1)]
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What forbids the switch, one sentence each; empty: nothing.</summary>
    [Id(2)]
    public IReadOnlyList<string> Refusals { get; init; } = [];

    /// <summary>The longest time a resolver may still answer with the old values after the change.</summary>
    [Id(3)]
    public TimeSpan OldAnswersLiveFor { get; init; }
}
