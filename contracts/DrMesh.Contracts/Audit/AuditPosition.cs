namespace DrMesh.Contracts.Audit;

/// <summary>A place in the audit trail: after the row of this number, which has this hash.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.audit-position")]
public sealed record AuditPosition
{
    /// <summary>Before the first row, whose predecessor's hash is 32 zero bytes.</summary>
    public static readonly AuditPosition Begin = new() { Sequence = 0, Hash = new string('0', 64) };

    /// <summary>The row's number; 0: before the first.</summary>
    [Id(0)]
    public required long Sequence { get; init; }

    /// <summary>The row's hash in lower-case hexadecimal.</summary>
    [Id(1)]
    public required string Hash { get; init; }
}
