namespace DrMesh.Contracts.Audit;

/// <summary>The result of checking a stretch of the audit trail.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.audit-verification")]
public sealed record AuditVerification
{
    /// <summary>How many rows of this stretch are sound.</summary>
    [Id(0)]
    public required long Rows { get; init; }

    /// <summary>The last sound row. While <see cref="IsComplete"/> is false the next call begins after it; at the end it is the head to keep elsewhere.</summary>
    [Id(1)]
    public required AuditPosition Reached { get; init; }

    /// <summary>Whether the trail's end was reached, or a break.</summary>
    [Id(2)]
    public required bool IsComplete { get; init; }

    /// <summary>Whether a row of this stretch has the expected hash.</summary>
    [Id(3)]
    public required bool HasExpected { get; init; }

    /// <summary>Where the trail is broken; null: nowhere so far.</summary>
    [Id(4)]
    public AuditBreak? Break { get; init; }
}
