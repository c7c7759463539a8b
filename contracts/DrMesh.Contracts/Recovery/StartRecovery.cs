using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;

namespace DrMesh.Contracts.Recovery;

/// <summary>Asks for a failover, switchover or failback of one application.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.start-recovery")]
public sealed record StartRecovery : IAuditedRequest
{
    /// <summary>Which of the three.</summary>
    [Id(0)]
    public required RecoveryKind Kind { get; init; }

    /// <summary>The application; a cluster that belongs to none counts as one of its own name.</summary>
    [Id(1)]
    public required string Application { get; init; }

    /// <summary>Where it goes; null: wherever the best standby is, and for a failback the clusters' own primary region.</summary>
    [Id(2)]
    public RegionId? To { get; init; }

    /// <summary>In place of the policy's strategy; null: the policy's.</summary>
    [Id(3)]
    public FailoverStrategy? Strategy { get; init; }

    /// <summary>Why: a person's words, or the observations that led to an automatic failover.</summary>
    [Id(4)]
    public required string Reason { get; init; }

    /// <summary>Whether the mesh itself asks, on what it observed: the policy must be automatic, and no restraint may hold.</summary>
    [Id(5)]
    public bool IsAutomatic { get; init; }

    /// <summary>The member whose loss is the reason: once another leads in its place, the request is out of date and refused. Null: none is meant.</summary>
    [Id(6)]
    public string? LostPrimary { get; init; }

    string? IAuditedRequest.AuditTarget => Application;

    string? IAuditedRequest.AuditReason => Reason;
}
