namespace DrMesh.Contracts.Restores;

/// <summary>One step of a plan, shown before it runs.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.pitr-step")]
public sealed record PitrStep
{
    /// <summary>An imperative, for example <c>ReplayLog</c>.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>What it does, with its values.</summary>
    [Id(1)]
    public required string Text { get; init; }

    /// <summary>How long it is expected to take; null where nothing is known.</summary>
    [Id(2)]
    public TimeSpan? Estimate { get; init; }
}
