namespace DrMesh.Contracts.Restores;

/// <summary>What the server does when the target is reached (<c>recovery_target_action</c>). Numbers never change.</summary>
public enum RecoveryAction
{
    /// <summary>Becomes a primary on a new timeline.</summary>
    Promote = 0,

    /// <summary>Stays in recovery and answers queries, so that a person can look before deciding.</summary>
    Pause = 1,

    /// <summary>Stops.</summary>
    Shutdown = 2,
}
