using System.Collections.Immutable;
using DrMesh.Contracts.Audit;

namespace DrMesh.Core.Audit;

/// <summary>A row of the audit trail as the control store keeps it.</summary>
public sealed record AuditRow
{
    /// <summary>The row's number, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was written, by the control store's clock, in whole microseconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it says.</summary>
    public required AuditRecord Record { get; init; }

    /// <summary>The hash of the row before; 32 zero bytes for the first.</summary>
    public required ImmutableArray<byte> PreviousHash { get; init; }

    /// <summary>SHA-256 of <see cref="AuditCanonicalForm"/>.</summary>
    public required ImmutableArray<byte> Hash { get; init; }

    /// <summary>The row for readers.</summary>
    public AuditEntry ToEntry() => new()
    {
        Sequence = Sequence,
        At = At,
        Operation = Record.Operation,
        Actor = Record.Actor,
        Action = Record.Action,
        Target = Record.Target,
        Reason = Record.Reason,
        Outcome = Record.Outcome,
        Detail = Record.Detail,
        Hash = Convert.ToHexStringLower(Hash.AsSpan()),
    };
}
