namespace DrMesh.Contracts.Sessions;

/// <summary>From an id to its grain.</summary>
public static class SessionGrains
{
    /// <summary>The prefix of the grain types of sessions: the class of kind <c>backup</c> carries <c>[GrainType("session-backup")]</c>.</summary>
    public const string GrainTypePrefix = "session-";

    /// <summary>The session of that id, whatever its kind. The reference is made without a call; an id nobody began answers with <c>SessionUnknown</c>.</summary>
    public static ISessionGrain GetSession(this IGrainFactory grains, SessionId id)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<ISessionGrain>(GrainId.Create(GrainTypePrefix + id.Kind, id.Value));
    }
}
