namespace DrMesh.Contracts.Audit;

/// <summary>The first place where the audit trail is not what was written.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.audit-break")]
public sealed record AuditBreak
{
    /// <summary>The row that was changed or removed; for several removed ones the first.</summary>
    [Id(0)]
    public required long Sequence { get; init; }

    /// <summary>What is wrong with it, in one sentence that names the row.</summary>
    [Id(1)]
    public required string Description { get; init; }
}
