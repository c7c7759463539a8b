using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Estate;

namespace DrMesh.Contracts.Databases;

/// <summary>Asks for another durability of a cluster, in place of the estate's.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.set-durability")]
public sealed record SetDurability : IAuditedRequest
{
    /// <summary>The durability; null: back to the estate's.</summary>
    [Id(0)]
    public DurabilityDefinition? Durability { get; init; }

    /// <summary>Why.</summary>
    [Id(1)]
    public required string Reason { get; init; }

    string? IAuditedRequest.AuditTarget => null;

    string? IAuditedRequest.AuditReason => Reason;
}
