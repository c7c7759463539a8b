using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;
using Orleans.Concurrency;

namespace DrMesh.Contracts.Sessions;

/// <summary>
/// What every durable session offers, whatever its kind. Obtained by <see cref="SessionGrains.GetSession"/>. A token ends waiting, never a session.
/// Each call but <see cref="Wake"/> throws <c>SessionUnknown</c> when no session of that id began.
/// </summary>
[Alias("drmesh.session")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>How the session stands.</summary>
    [Alias("Get"), AlwaysInterleave, LeastRole(AccessRole.Viewer)]
    Task<SessionSummary> Get(CancellationToken cancellationToken = default);

    /// <summary>
    /// The events with a sequence above <paramref name="after"/> (0: all), then those to come, until the session ends. After a lost connection or silo, call again
    /// with the sequence of the last event seen: nothing kept is missed or repeated. Progress between is best effort.
    /// </summary>
    [Alias("Watch"), AlwaysInterleave, LeastRole(AccessRole.Viewer)]
    IAsyncEnumerable<SessionEvent> Watch(long after, CancellationToken cancellationToken = default);

    /// <summary>Asks the session to stop. It undoes what it must; where stopping is no longer safe it refuses and says why.</summary>
    /// <param name="reason">Kept with the session.</param>
    /// <param name="cancellationToken">Ends waiting for the answer.</param>
    [Alias("Cancel"), StateChanging("session.cancel")]
    Task<CancelResult> Cancel(string reason, CancellationToken cancellationToken = default);

    /// <summary>Gives the caller's approval.</summary>
    /// <param name="approval">The name of the <see cref="ApprovalRequest"/> it is for, so that a late approval cannot count for another question.</param>
    /// <param name="cancellationToken">Ends waiting for the answer.</param>
    [Alias("Approve"), StateChanging("session.approve"), LeastRole(AccessRole.Approver)]
    Task<ApproveResult> Approve(string approval, CancellationToken cancellationToken = default);

    /// <summary>The whole session: who, what, when, why, on which evidence.</summary>
    [Alias("Explain"), AlwaysInterleave, LeastRole(AccessRole.Viewer)]
    Task<SessionExplanation> Explain(CancellationToken cancellationToken = default);

    /// <summary>Goes on with the session if it is unfinished and nobody runs it. Called by the supervisor; harmless at any time, for any id.</summary>
    [Alias("Wake")]
    Task Wake(CancellationToken cancellationToken = default);
}
