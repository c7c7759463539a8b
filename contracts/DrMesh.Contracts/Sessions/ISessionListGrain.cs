using System.Collections.Immutable;
using DrMesh.Contracts.Access;

namespace DrMesh.Contracts.Sessions;

/// <summary>The list of all sessions, finished ones too; key 0.</summary>
[Alias("drmesh.session-list")]
public interface ISessionListGrain : IGrainWithIntegerKey
{
    /// <summary>The sessions that <paramref name="filter"/> lets through, newest first.</summary>
    [Alias("List"), LeastRole(AccessRole.Viewer)]
    Task<ImmutableArray<SessionEntry>> List(SessionFilter filter, CancellationToken cancellationToken = default);
}
