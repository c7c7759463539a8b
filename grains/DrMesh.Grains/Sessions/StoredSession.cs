using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Sessions;

/// <summary>The grain state of a session grain: empty until the session begins.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
public sealed class StoredSession<TPlan>
    where TPlan : class
{
    /// <summary>The session; null: none of this id has begun.</summary>
    public SessionState<TPlan>? Session { get; set; }
}
