using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Traffic;

/// <summary>What a provider can do. A plan looks here before it asks for something.</summary>
public sealed record ProviderTraits
{
    /// <summary>Whether a batch is applied whole or not at all.</summary>
    public required bool ChangesAtomically { get; init; }

    /// <summary>Whether a change is refused when a record set is not as <see cref="RecordSetChange.Before"/> says, in one step with the change.</summary>
    public required bool ComparesBeforeChange { get; init; }

    /// <summary>Whether the change is on every authoritative server when <see cref="IDnsProvider.ConfirmAsync"/> returns.</summary>
    public required bool ConfirmsPropagation { get; init; }

    /// <summary>The kinds of routing it knows.</summary>
    public required IReadOnlyList<DnsRouting> Routing { get; init; }

    /// <summary>Whether a record set can carry a health check.</summary>
    public required bool HasHealthChecks { get; init; }
}
