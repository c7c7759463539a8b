namespace DrMesh.Contracts.Audit;

/// <summary>One row of the audit trail.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.audit-entry")]
public sealed record AuditEntry
{
    /// <summary>The row's number, from 1, without gaps.</summary>
    [Id(0)]
    public required long Sequence { get; init; }

    /// <summary>When it was written, by the control store's clock.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The same for an operation's intent and its outcome.</summary>
    [Id(2)]
    public required Guid Operation { get; init; }

    /// <summary>Who asked.</summary>
    [Id(3)]
    public required string Actor { get; init; }

    /// <summary>What was asked, for example <c>estate.apply</c>.</summary>
    [Id(4)]
    public required string Action { get; init; }

    /// <summary>What it was asked of: a grain's key or the name the request gives.</summary>
    [Id(5)]
    public required string Target { get; init; }

    /// <summary>Why, as the person said it; empty when nobody said.</summary>
    [Id(6)]
    public required string Reason { get; init; }

    /// <summary>What became of it.</summary>
    [Id(7)]
    public required AuditOutcome Outcome { get; init; }

    /// <summary>The refusal's reason or the fault, in one sentence; else empty.</summary>
    [Id(8)]
    public required string Detail { get; init; }

    /// <summary>The row's hash, which covers the row and its predecessor's hash, in hexadecimal.</summary>
    [Id(9)]
    public required string Hash { get; init; }
}
