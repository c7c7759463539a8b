using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.TestKit.Crash;

/// <summary>A silo's way to the shared session table; dead silos do not get through.</summary>
internal sealed class GatedSessionTable(ISessionTable inner, CrashScript script, string silo) : ISessionTable
{
    public Task<SessionId> ClaimAsync(SessionEntry entry, string silo, CancellationToken cancellationToken) =>
        Alive().ClaimAsync(entry, silo, cancellationToken);

    public Task UpdateAsync(SessionEntry entry, string silo, CancellationToken cancellationToken) =>
        Alive().UpdateAsync(entry, silo, cancellationToken);

    public Task BeatAsync(IReadOnlyCollection<SessionId> sessions, string silo, CancellationToken cancellationToken) =>
        Alive().BeatAsync(sessions, silo, cancellationToken);

    public Task LetGoAsync(SessionId session, string silo, CancellationToken cancellationToken) =>
        Alive().LetGoAsync(session, silo, cancellationToken);

    public Task ForgetAsync(SessionId session, CancellationToken cancellationToken) => Alive().ForgetAsync(session, cancellationToken);

    public Task<IReadOnlyList<SessionId>> FindStaleAsync(TimeSpan age, IReadOnlyCollection<string> livingSilos, CancellationToken cancellationToken) =>
        Alive().FindStaleAsync(age, livingSilos, cancellationToken);

    public Task<IReadOnlyList<SessionEntry>> ListAsync(SessionFilter filter, CancellationToken cancellationToken) =>
        Alive().ListAsync(filter, cancellationToken);

    private ISessionTable Alive()
    {
        script.EnsureAlive(silo);
        return inner;
    }
}
