using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Sessions;

/// <summary>
/// The sessions of the mesh in the control store, one row each, so that they can be listed, so that two sessions never work on one subject, and so that a session whose
/// silo died is found. The truth about a session is its grain's own state; a row follows it and may be behind for a moment.
/// Every operation is safe to repeat. Times are compared by the store's clock only.
/// </summary>
public interface ISessionTable
{
    /// <summary>
    /// Takes the subject for a session: inserts its row unless an unfinished session of the same kind holds the same subject. Atomic: of two callers one wins.
    /// </summary>
    /// <returns>The id of the session that holds the subject now: <c>entry.Id</c> itself when the claim won or was made before.</returns>
    Task<SessionId> ClaimAsync(SessionEntry entry, string silo, CancellationToken cancellationToken);

    /// <summary>Brings a row up to date and counts as a heartbeat of <paramref name="silo"/>. An entry with an end frees its subject; an ended row never becomes unfinished again.</summary>
    Task UpdateAsync(SessionEntry entry, string silo, CancellationToken cancellationToken);

    /// <summary>Says that <paramref name="silo"/> still runs these sessions.</summary>
    Task BeatAsync(IReadOnlyCollection<SessionId> sessions, string silo, CancellationToken cancellationToken);

    /// <summary>Says that <paramref name="silo"/> stopped running a session it had not finished: it is stale at once. Nothing when another silo runs it by now.</summary>
    Task LetGoAsync(SessionId session, string silo, CancellationToken cancellationToken);

    /// <summary>Removes the row of a session that was claimed and never begun, which frees its subject.</summary>
    Task ForgetAsync(SessionId session, CancellationToken cancellationToken);

    /// <summary>Unfinished sessions whose last heartbeat is older than <paramref name="age"/>, or which a silo not in <paramref name="livingSilos"/> beat last.</summary>
    Task<IReadOnlyList<SessionId>> FindStaleAsync(TimeSpan age, IReadOnlyCollection<string> livingSilos, CancellationToken cancellationToken);

    /// <summary>Rows, newest first.</summary>
    Task<IReadOnlyList<SessionEntry>> ListAsync(SessionFilter filter, CancellationToken cancellationToken);
}
