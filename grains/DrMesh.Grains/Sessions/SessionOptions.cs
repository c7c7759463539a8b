namespace DrMesh.Grains.Sessions;

/// <summary>How running sessions are watched over.</summary>
public sealed class SessionOptions
{
    /// <summary>How often a silo says that it still runs its sessions, and looks for those nobody runs.</summary>
    public TimeSpan HeartbeatEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A session whose last heartbeat is older is taken over. Several heartbeats long, so that a slow control store does not move sessions about.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(10);
}
