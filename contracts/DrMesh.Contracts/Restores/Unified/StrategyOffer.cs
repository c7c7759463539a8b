namespace DrMesh.Contracts.Restores.Unified;

/// <summary>What one strategy would mean for a restore.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.strategy-offer")]
public sealed record StrategyOffer
{
    /// <summary>The strategy.</summary>
    [Id(0)]
    public required RestoreStrategy Strategy { get; init; }

    /// <summary>Whether it is the one that would be used.</summary>
    [Id(1)]
    public required bool IsChosen { get; init; }

    /// <summary>How long until every part is restored, from the rates of earlier restores; null: a rate is not known. The longest an application is down that waits for the restore.</summary>
    [Id(2)]
    public TimeSpan? Estimate { get; init; }

    /// <summary>What can go worse than with the others, in one sentence.</summary>
    [Id(3)]
    public required string Risk { get; init; }

    /// <summary>How many turns it takes.</summary>
    [Id(4)]
    public required int Turns { get; init; }
}
