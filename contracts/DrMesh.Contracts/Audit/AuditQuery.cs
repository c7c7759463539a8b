namespace DrMesh.Contracts.Audit;

/// <summary>Which rows of the audit trail are wanted; what is null filters nothing.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.audit-query")]
public sealed record AuditQuery
{
    /// <summary>The most rows one call returns.</summary>
    public const int LargestLimit = 1000;

    /// <summary>Rows written at or after this moment.</summary>
    [Id(0)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>Rows of this actor.</summary>
    [Id(1)]
    public string? Actor { get; init; }

    /// <summary>Rows of this target.</summary>
    [Id(2)]
    public string? Target { get; init; }

    /// <summary>Rows of this action.</summary>
    [Id(3)]
    public string? Action { get; init; }

    /// <summary>Rows numbered below this one: the page before.</summary>
    [Id(4)]
    public long? Before { get; init; }

    /// <summary>How many rows at most, the newest; 1 to <see cref="LargestLimit"/>.</summary>
    [Id(5)]
    public int Limit { get; init; } = 50;
}
