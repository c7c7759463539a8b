using System.Collections.Immutable;
using DrMesh.Contracts.Audit;
using DrMesh.Core.Audit;
using Orleans.Concurrency;

namespace DrMesh.Grains.Audit;

/// <summary>Reads the trail. It has no state, so any silo serves it.</summary>
[StatelessWorker]
internal sealed class AuditGrain(AuditTrail trail) : Grain, IAuditGrain
{
    /// <summary>Rows a single verifying call reads: well under a second's work.</summary>
    internal const int VerifiedPerCall = 20_000;

    public Task<ImmutableArray<AuditEntry>> List(AuditQuery query, CancellationToken cancellationToken) => trail.ListAsync(query, cancellationToken);

    public async Task<AuditVerification> Verify(AuditPosition after, string? expected, CancellationToken cancellationToken)
    {
        var rows = await trail.ReadAsync(after.Sequence, VerifiedPerCall, cancellationToken);
        return AuditChain.Verify(after, rows, isComplete: rows.Count < VerifiedPerCall, expected);
    }
}
