namespace DrMesh.Core.Traffic;

/// <summary>What a switch does, made from what was read at the provider.</summary>
public sealed record SwitchPlan
{
    /// <summary>The changes, including those that only renew a mark; null when there are none, it is refused, or in mode health.</summary>
    public ZoneChange? Change { get; init; }

    /// <summary>Whether every name already answers as wanted, whatever its marks say.</summary>
    public bool IsAlreadySo { get; init; }

    /// <summary>What every authoritative server shall answer afterwards.</summary>
    public IReadOnlyList<ExpectedAnswer> Expected { get; init; } = [];

    /// <summary>What a person should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What forbids it, one sentence each.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];

    /// <summary>The longest time a resolver may keep answering with what is there now.</summary>
    public TimeSpan OldAnswersLiveFor { get; init; }
}
