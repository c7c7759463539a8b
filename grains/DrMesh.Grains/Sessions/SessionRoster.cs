using System.Collections.Concurrent;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Grains.Sessions;

/// <summary>The unfinished sessions this silo runs, for the heartbeat.</summary>
public sealed class SessionRoster
{
    private readonly ConcurrentDictionary<SessionId, object> _running = new();

    /// <summary>Those that run here now.</summary>
    public IReadOnlyCollection<SessionId> Running => [.. _running.Keys];

    /// <summary>The activation <paramref name="owner"/> runs the session from here on.</summary>
    public void Add(SessionId session, object owner) => _running[session] = owner;

    /// <summary>That activation runs it no more; another one on this silo may have taken over and stays.</summary>
    public void Remove(SessionId session, object owner) => _running.TryRemove(KeyValuePair.Create(session, owner));
}
