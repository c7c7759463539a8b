using System.Collections.Immutable;
using DrMesh.Contracts.Access;

namespace DrMesh.Contracts.Audit;

/// <summary>
/// The audit trail, for reading; key 0. Nothing is appended through it: rows come from the silos, for each call of a method that has
/// <see cref="StateChangingAttribute"/>.
/// </summary>
[Alias("drmesh.audit-grain")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>The newest rows that match, newest first.</summary>
    [Alias("List"), LeastRole(AccessRole.Viewer)]
    Task<ImmutableArray<AuditEntry>> List(AuditQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Checks a stretch of the trail that begins after <paramref name="after"/>, so long that the call stays short. The caller goes on from
    /// <see cref="AuditVerification.Reached"/> until <see cref="AuditVerification.IsComplete"/>.
    /// </summary>
    /// <param name="after">Where to begin; <see cref="AuditPosition.Begin"/> for the whole trail.</param>
    /// <param name="expected">The hash of a row that must be there, in hexadecimal, or null. A trail cut off at its end is sound in itself; only a head kept elsewhere shows the cut.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    [Alias("Verify"), LeastRole(AccessRole.Viewer)]
    Task<AuditVerification> Verify(AuditPosition after, string? expected, CancellationToken cancellationToken = default);
}
